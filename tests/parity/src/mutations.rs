//! The changes of meaning in `mutations.txt`, which the tests must notice.

/// All of them, in order.
pub fn all() -> Vec<Mutation> {
    let blocks = include_str!("../mutations.txt").split("\n\n");
    blocks.filter(|block| !block.trim().is_empty()).map(Mutation::read).collect()
}

/// A change in one place.
#[derive(Debug)]
pub struct Mutation {
    /// What is wrong then.
    pub name: String,
    /// Where it stands, from the root of the repository.
    pub file: String,
    old: Vec<String>,
    new: Vec<String>,
}

impl Mutation {
    fn read(block: &str) -> Self {
        let lines = |sign: &str| -> Vec<String> {
            let signed = block.lines().filter_map(|line| line.strip_prefix(sign));
            signed.map(|line| line.trim().into()).collect()
        };
        let mut head = block.trim().lines();
        Self {
            name: head.next().unwrap_or_default().trim_start_matches("= ").into(),
            file: head.next().unwrap_or_default().into(),
            old: lines("- "),
            new: lines("+ "),
        }
    }

    /// The text with the lines replaced, wherever they are indented. An error unless they are there just
    /// once.
    pub fn applied(&self, text: &str) -> Result<String, String> {
        let lines: Vec<&str> = text.lines().collect();
        let fits = |window: &[&str]| window.iter().zip(&self.old).all(|(a, b)| a.trim() == b);
        let windows = lines.windows(self.old.len().max(1)).enumerate();
        let places: Vec<usize> =
            windows.filter(|(_, window)| fits(window)).map(|(at, _)| at).collect();
        let [at] = places[..] else {
            return Err(format!("`{}`: {} places of {} fit", self.name, places.len(), self.file));
        };
        let (head, rest) = lines.split_at(at);
        let new: Vec<&str> = self.new.iter().map(String::as_str).collect();
        Ok([head, &new, &rest[self.old.len()..]].concat().join("\n") + "\n")
    }
}
