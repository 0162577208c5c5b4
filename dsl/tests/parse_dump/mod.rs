//! A tree as short text: Debug output without places and without what is empty.

use statewright_dsl::ast::File;

/// One line for what is short, an indented line a part for what is not.
pub(crate) fn dump(file: &File) -> String {
    let text = format!("{file:?}");
    let mut out = String::new();
    Shape::read(&mut text.chars().peekable()).print(0, &mut out);
    out
}

type Chars<'t> = std::iter::Peekable<std::str::Chars<'t>>;

/// A Debug value: its name, and its parts with their names.
struct Shape {
    name: String,
    parts: Vec<(String, Shape)>,
}

impl Shape {
    fn read(chars: &mut Chars) -> Shape {
        let name = word(chars);
        let mut parts = Vec::new();
        skip(chars, " ");
        if let Some('(' | '[' | '{') = chars.peek() {
            chars.next();
            loop {
                skip(chars, " ,");
                if let Some(')' | ']' | '}') | None = chars.peek() {
                    chars.next();
                    break;
                }
                let mut value = Shape::read(chars);
                let mut field = String::new();
                if chars.peek() == Some(&':') {
                    skip(chars, ": ");
                    field = std::mem::replace(&mut value, Shape::read(chars)).name;
                }
                parts.push((field, value));
            }
        }
        Shape { name, parts }.simple()
    }

    /// Drops places and what is empty, and writes names and paths as in the source.
    fn simple(mut self) -> Shape {
        self.parts.retain(|(field, part)| {
            let absent = matches!(part.name.as_str(), "None" | "Stay" | "Meta" | "")
                || (part.name == "false" && !field.is_empty());
            let place = part.name == "Span" || field.ends_with("_span");
            !(place || absent && part.parts.is_empty())
        });
        match self.name.as_str() {
            "Span" => self.parts.clear(),
            "Name" => {
                let text = self.parts.swap_remove(0).1.name;
                return Shape { name: text.trim_matches('"').to_string(), parts: Vec::new() };
            }
            "Path" if !self.parts.is_empty() && self.parts[0].0 == "segments" => {
                let names = self.parts.swap_remove(0).1.parts.into_iter().map(|(_, s)| s.name);
                let name = names.collect::<Vec<_>>().join("::");
                return Shape { name, parts: Vec::new() };
            }
            "Expr" | "Some" | "Type" | "StateItem" | "Count" if self.parts.len() == 1 => {
                return self.parts.swap_remove(0).1;
            }
            _ => {}
        }
        match self.parts.as_slice() {
            [(field, inner)] if field.is_empty() && inner.name == self.name => {
                self.parts.swap_remove(0).1
            }
            _ => self,
        }
    }

    fn line(&self) -> String {
        let parts: Vec<String> = self
            .parts
            .iter()
            .map(|(field, part)| match field.as_str() {
                "" | "kind" | "name" | "items" | "path" => part.line(),
                field => format!("{field}={}", part.line()),
            })
            .collect();
        match (self.name.as_str(), parts.is_empty()) {
            (name, true) => name.to_string(),
            ("", false) => format!("[{}]", parts.join(", ")),
            (name, false) => format!("{name}({})", parts.join(" ")),
        }
    }

    fn print(&self, depth: usize, out: &mut String) {
        let line = self.line();
        let indent = "  ".repeat(depth);
        if line.len() + depth * 2 <= 110 || self.parts.is_empty() {
            out.push_str(&format!("{indent}{line}\n"));
            return;
        }
        let mut inner = depth;
        if !self.name.is_empty() {
            out.push_str(&format!("{indent}{}\n", self.name));
            inner += 1;
        }
        for (field, part) in &self.parts {
            let plain = matches!(field.as_str(), "" | "kind" | "name" | "items");
            if !plain {
                out.push_str(&format!("{}{field}:\n", "  ".repeat(inner)));
            }
            part.print(inner + usize::from(!plain), out);
        }
    }
}

fn skip(chars: &mut Chars, these: &str) {
    while chars.peek().is_some_and(|c| these.contains(*c)) {
        chars.next();
    }
}

fn word(chars: &mut Chars) -> String {
    let mut word = String::new();
    if chars.peek() == Some(&'"') {
        word.extend(chars.next());
        while let Some(c) = chars.next() {
            word.push(c);
            match c {
                '\\' => word.extend(chars.next()),
                '"' => break,
                _ => {}
            }
        }
        return word;
    }
    while let Some(c) = chars.peek().filter(|c| !" ,:()[]{}".contains(**c)) {
        word.push(*c);
        chars.next();
    }
    word
}
