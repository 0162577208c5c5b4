//! A mistake in a file is shown with its place there and the line.

statewright::include_flow!("ui/flows/syntax.flow");
statewright::include_flow!("ui/flows/missing.flow");
statewright::include_flow!(missing);

fn main() {
    let _ = door::Event::Push;
}
