//! Prints a random machine: `cargo run -p statewright-parity --example machine SEED`.

fn main() {
    let seed = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or_default();
    print!("{}", statewright_parity::author::machine(seed));
}
