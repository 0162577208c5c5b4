//! A cursor over Rust tokens.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};

/// Reads tokens one after the other.
#[derive(Clone, Debug)]
pub(super) struct Cursor {
    tokens: Vec<TokenTree>,
    at: usize,
    end: Span,
}

impl Cursor {
    /// Reads `tokens`; `end` is the place to name when they run out.
    pub(super) fn new(tokens: TokenStream, end: Span) -> Self {
        // Other macros leave groups without delimiters around what they pass on.
        let tokens = tokens.into_iter().flat_map(open_invisible).collect();
        Self { tokens, at: 0, end }
    }

    /// Reads what stands in a group.
    pub(super) fn inside(group: &Group) -> Self {
        Self::new(group.stream(), group.span_close())
    }

    /// The token `n` places ahead.
    pub(super) fn ahead(&self, n: usize) -> Option<&TokenTree> {
        self.tokens.get(self.at + n)
    }

    /// The next token, read.
    pub(super) fn next(&mut self) -> Option<TokenTree> {
        let token = self.tokens.get(self.at).cloned();
        self.at += usize::from(token.is_some());
        token
    }

    /// True if all is read.
    pub(super) fn is_empty(&self) -> bool {
        self.at == self.tokens.len()
    }

    /// The place of the next token.
    pub(super) fn span(&self) -> Span {
        self.ahead(0).map_or(self.end, TokenTree::span)
    }

    /// True if the next token is this word.
    pub(super) fn is_word(&self, word: &str) -> bool {
        is_word(self.ahead(0), word)
    }

    /// True if the next token is this character.
    pub(super) fn is_punct(&self, character: char) -> bool {
        is_punct(self.ahead(0), character)
    }

    /// Reads this word if it is next.
    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        self.at += usize::from(found);
        found
    }

    /// Reads this character if it is next.
    pub(super) fn eat_punct(&mut self, character: char) -> bool {
        let found = self.is_punct(character);
        self.at += usize::from(found);
        found
    }

    /// Reads a word if one is next.
    pub(super) fn eat_ident(&mut self) -> Option<Ident> {
        let Some(TokenTree::Ident(ident)) = self.ahead(0).cloned() else { return None };
        self.at += 1;
        Some(ident)
    }

    /// The next token, if it is a group with these delimiters.
    pub(super) fn group(&self, delimiter: Delimiter) -> Option<&Group> {
        match self.ahead(0) {
            Some(TokenTree::Group(group)) if group.delimiter() == delimiter => Some(group),
            _ => None,
        }
    }

    /// Reads a group if one with these delimiters is next.
    pub(super) fn eat_group(&mut self, delimiter: Delimiter) -> Option<Group> {
        let group = self.group(delimiter).cloned();
        self.at += usize::from(group.is_some());
        group
    }

    /// Reads up to, not including, a token for which `stop` says yes.
    pub(super) fn until(&mut self, stop: impl Fn(&TokenTree) -> bool) -> TokenStream {
        let start = self.at;
        while self.ahead(0).is_some_and(|t| !stop(t)) {
            self.at += 1;
        }
        self.since(start)
    }

    /// Reads a type or the like up to the next comma that does not stand between `<` and `>`, and
    /// the comma, which is not part of the answer.
    pub(super) fn until_comma(&mut self) -> TokenStream {
        let start = self.at;
        let mut depth = 0usize;
        while let Some(token) = self.ahead(0) {
            match token {
                TokenTree::Punct(p) if p.as_char() == ',' && depth == 0 => break,
                TokenTree::Punct(p) if p.as_char() == '<' => depth += 1,
                TokenTree::Punct(p) if p.as_char() == '>' => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.at += 1;
        }
        let tokens = self.since(start);
        self.eat_punct(',');
        tokens
    }

    /// Where it stands, for [`Cursor::since`].
    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// What was read since a position.
    pub(super) fn since(&self, position: usize) -> TokenStream {
        self.tokens[position..self.at].iter().cloned().collect()
    }

    /// All that is left.
    pub(super) fn rest(&mut self) -> TokenStream {
        let start = self.at;
        self.at = self.tokens.len();
        self.since(start)
    }
}

/// True if the token is this word.
pub(super) fn is_word(token: Option<&TokenTree>, word: &str) -> bool {
    matches!(token, Some(TokenTree::Ident(ident)) if ident == word)
}

/// True if the token is this character.
pub(super) fn is_punct(token: Option<&TokenTree>, character: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == character)
}

fn open_invisible(token: TokenTree) -> Vec<TokenTree> {
    match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
            group.stream().into_iter().flat_map(open_invisible).collect()
        }
        other => vec![other],
    }
}
