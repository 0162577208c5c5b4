//! What `resolve` reads: the trees of a file and of everything that it imports.

use crate::ast;
use crate::span::SourceId;

/// The parsed files of one compilation.
#[derive(Clone, Debug, Default)]
pub struct Package {
    /// In the order of reading; the first is the root.
    pub files: Vec<ParsedFile>,
    /// The file beside the root that holds only scenarios.
    pub beside: Option<ParsedFile>,
}

/// One file, parsed.
#[derive(Clone, Debug)]
pub struct ParsedFile {
    /// Its text.
    pub source: SourceId,
    /// What stands in it.
    pub tree: ast::File,
    /// The files that it imports, as indexes into [`Package::files`], in the order of its
    /// `import`s. Imports that cannot be read or that close a circle are missing.
    pub imports: Vec<usize>,
}

impl Package {
    /// The same files with another one as the root.
    pub fn rooted_at(&self, root: usize) -> Self {
        let swapped = |file: usize| match file {
            0 => root,
            file if file == root => 0,
            file => file,
        };
        let mut files = self.files.clone();
        files.swap(0, root);
        for import in files.iter_mut().flat_map(|file| &mut file.imports) {
            *import = swapped(*import);
        }
        Self { files, beside: None }
    }

    /// The files with imported ones before those that import them; the root is the last.
    pub fn imported_first(&self) -> Vec<usize> {
        let mut order = Vec::with_capacity(self.files.len());
        let mut seen = vec![false; self.files.len()];
        // Each entry is a file and the number of its imports that are done.
        let mut stack: Vec<(usize, usize)> = Vec::new();
        if let Some(first) = seen.first_mut() {
            *first = true;
            stack.push((0, 0));
        }
        while let Some((file, done)) = stack.pop() {
            match self.files[file].imports.get(done) {
                None => order.push(file),
                Some(&import) => {
                    stack.push((file, done + 1));
                    if !std::mem::replace(&mut seen[import], true) {
                        stack.push((import, 0));
                    }
                }
            }
        }
        order
    }
}
