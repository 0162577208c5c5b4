//! Reads and parses a file and everything that it imports, each file once.

use super::{LoadError, Loader};
use crate::ast::{File, Import, Item};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::parse;
use crate::resolve::{Package, ParsedFile};
use crate::source::Sources;
use crate::span::{SourceId, Span};
use std::collections::BTreeMap;

/// Starts with the file `root`.
pub(super) fn load(
    loader: &dyn Loader,
    root: &str,
    sources: &mut Sources,
    d: &mut Diagnostics,
) -> Package {
    match read(loader, root) {
        Ok(text) => load_text(loader, root, &text, sources, d),
        Err(error) => {
            let source = sources.add(root, "");
            let message = format!("cannot read `{root}`: {error}");
            d.push(Diagnostic::new(Code::Unreadable, Span::new(source, 0, 0), message));
            Package {
                files: vec![ParsedFile { source, tree: File::default(), imports: Vec::new() }],
                beside: None,
            }
        }
    }
}

/// How files end that hold only scenarios.
pub(super) const SCENARIOS: &str = ".scenarios.flow";

/// The scenarios beside a file, if there are any.
pub(super) fn beside(
    loader: &dyn Loader,
    root: &str,
    sources: &mut Sources,
    d: &mut Diagnostics,
) -> Option<ParsedFile> {
    let path = format!("{}{SCENARIOS}", root.strip_suffix(".flow")?);
    let text = match read(loader, &path) {
        Ok(text) => text,
        Err(LoadError::NotFound) => return None,
        Err(error) => {
            let source = sources.add(&path, "");
            let message = format!("cannot read `{path}`: {error}");
            d.push(Diagnostic::new(Code::Unreadable, Span::new(source, 0, 0), message));
            return None;
        }
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let source = sources.add(&path, text);
    let tree = parse::parse(source, text, d);
    for item in &tree.items {
        if !matches!(item, Item::Scenario(_)) {
            let message = "only scenarios stand in a file of scenarios";
            let diagnostic = Diagnostic::new(Code::Syntax, item.span(), message);
            d.push(diagnostic.help(format!("it belongs into `{root}`")));
        }
    }
    Some(ParsedFile { source, tree, imports: Vec::new() })
}

/// Starts with a text that has been read already.
pub(super) fn load_text(
    loader: &dyn Loader,
    name: &str,
    text: &str,
    sources: &mut Sources,
    d: &mut Diagnostics,
) -> Package {
    let mut reader = Reader { loader, sources, d, known: BTreeMap::new(), files: Vec::new() };
    reader.known.insert(loader.identity(name), Some(0));
    reader.add(name, text);
    let mut next = 0;
    while next < reader.files.len() {
        reader.follow(next);
        next += 1;
    }
    let Reader { mut files, .. } = reader;
    cut_circles(&mut files, sources, d);
    let files = files.into_iter().map(Loaded::parsed).collect();
    Package { files, beside: None }
}

/// A file with the places of its imports, which a circle is reported at.
struct Loaded {
    source: SourceId,
    tree: File,
    imports: Vec<(usize, Span)>,
}

impl Loaded {
    fn parsed(self) -> ParsedFile {
        let imports = self.imports.into_iter().map(|(file, _)| file).collect();
        ParsedFile { source: self.source, tree: self.tree, imports }
    }
}

struct Reader<'a> {
    loader: &'a dyn Loader,
    sources: &'a mut Sources,
    d: &'a mut Diagnostics,
    /// By identity: the index of the file; `None` if it cannot be read.
    known: BTreeMap<String, Option<usize>>,
    files: Vec<Loaded>,
}

impl Reader<'_> {
    fn add(&mut self, name: &str, text: &str) {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let source = self.sources.add(name, text);
        let tree = parse::parse(source, text, self.d);
        self.files.push(Loaded { source, tree, imports: Vec::new() });
    }

    /// Reads what a file imports and what nobody has imported before.
    fn follow(&mut self, file: usize) {
        let from = self.sources.get(self.files[file].source).map_or("", |s| &s.name).to_owned();
        let imports: Vec<Import> = self.files[file].tree.items.iter().filter_map(import).collect();
        for import in imports {
            let path = join(&from, &import.path);
            if let Some(index) = self.import(&path, &import) {
                self.files[file].imports.push((index, import.span));
            }
        }
    }

    fn import(&mut self, path: &str, import: &Import) -> Option<usize> {
        let identity = self.loader.identity(path);
        if let Some(&index) = self.known.get(&identity) {
            return index;
        }
        let index = match read(self.loader, path) {
            Ok(text) => {
                self.add(path, &text);
                Some(self.files.len() - 1)
            }
            Err(error) => {
                self.d.push(unreadable(path, import, &error));
                None
            }
        };
        self.known.insert(identity, index);
        index
    }
}

fn import(item: &Item) -> Option<Import> {
    match item {
        Item::Import(import) => Some(import.clone()),
        _ => None,
    }
}

fn read(loader: &dyn Loader, path: &str) -> Result<String, LoadError> {
    let bytes = loader.read(path)?;
    if u32::try_from(bytes.len()).is_err() {
        return Err(LoadError::TooLarge);
    }
    String::from_utf8(bytes).map_err(|e| LoadError::NotUtf8(e.utf8_error().valid_up_to()))
}

fn unreadable(path: &str, import: &Import, error: &LoadError) -> Diagnostic {
    let message = format!("cannot read `{}`: {error}", import.path);
    let diagnostic = Diagnostic::new(Code::Unreadable, import.span, message);
    let diagnostic = diagnostic.at("imported here");
    if path == import.path {
        return diagnostic;
    }
    diagnostic.note(format!("paths are relative to the importing file: this one is `{path}`"))
}

/// The path of an import, seen from where the importing file stands; `.` and `..` are worked out.
fn join(from: &str, path: &str) -> String {
    if path.starts_with('/') {
        return path.to_owned();
    }
    let directory = from.rsplit_once('/').map_or("", |(directory, _)| directory);
    let absolute = from.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in directory.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    if absolute { format!("/{joined}") } else { joined }
}

/// Takes out every import that leads back to a file on the way to it, and says so once.
fn cut_circles(files: &mut [Loaded], sources: &Sources, d: &mut Diagnostics) {
    let mut seen = vec![false; files.len()];
    // The way from the root to the file in hand: files, and how many of their imports are done.
    let mut way: Vec<(usize, usize)> = vec![(0, 0)];
    seen[0] = true;
    while let Some(&mut (file, ref mut done)) = way.last_mut() {
        let Some(&(import, span)) = files[file].imports.get(*done) else {
            way.pop();
            continue;
        };
        *done += 1;
        if let Some(start) = way.iter().position(|(on_way, _)| *on_way == import) {
            let circle: Vec<usize> = way[start..].iter().map(|(file, _)| *file).collect();
            d.push(circle_of(&circle, files, sources, span));
            files[file].imports.retain(|(other, _)| *other != import);
            if let Some(last) = way.last_mut() {
                last.1 = last.1.saturating_sub(1);
            }
        } else if !std::mem::replace(&mut seen[import], true) {
            way.push((import, 0));
        }
    }
}

fn circle_of(circle: &[usize], files: &[Loaded], sources: &Sources, span: Span) -> Diagnostic {
    let name = |file: usize| sources.get(files[file].source).map_or("", |s| s.name.as_str());
    let names = circle.iter().chain(circle.first()).map(|file| format!("`{}`", name(*file)));
    let message = match circle {
        [_] => "the file imports itself".to_owned(),
        _ => "files import each other in a circle".to_owned(),
    };
    Diagnostic::new(Code::ImportCycle, span, message)
        .at("this import closes the circle")
        .note(names.collect::<Vec<_>>().join(" imports "))
        .help("move what both need into a file of its own")
}
