//! `migrate` blocks.

use super::blocks::Parser;
use super::grammar::Rule;
use super::parts::Parts;
use super::places::Place;
use crate::ast::{Migrate, MigrateItem, MigrateItemKind, Target, TargetKind, TargetState};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use pest::iterators::Pair;

impl<'t> Parser<'t, '_> {
    pub(super) fn migrate(&mut self) -> Option<Migrate> {
        let Some(head) = self.head(Rule::migrate_head) else {
            return self.lost(|p| drop(p.migrate_items("the migration")));
        };
        let start = self.span(&head);
        let from = Parts::of(head).find(Rule::int);
        let (from, place) = (self.int(&from), self.span(&from));
        let items = self.migrate_items(&format!("migration from {from}"));
        Some(Migrate { from, items, place, span: start.to(self.behind()) })
    }

    fn migrate_items(&mut self, owner: &str) -> Vec<MigrateItem> {
        let mut items = Vec::new();
        self.block(Place::Migrate, owner, |p| {
            let rule = match p.peek(0) {
                "old" => Rule::migrate_old,
                "state" => Rule::migrate_state,
                "set" => Rule::set,
                _ => return,
            };
            items.extend(p.statement(rule).map(|pair| p.migrate_item(pair)));
        });
        items
    }

    fn migrate_item(&mut self, pair: Pair<'t, Rule>) -> MigrateItem {
        let (span, rule) = (self.span(&pair), pair.as_rule());
        let mut parts = Parts::of(pair);
        let kind = match rule {
            Rule::migrate_old => MigrateItemKind::Old(self.params(parts.find(Rule::params))),
            Rule::set => {
                let field = self.name(parts.find(Rule::ident));
                MigrateItemKind::Set(field, self.expr(parts.find(Rule::expr)))
            }
            _ => {
                let old = self.path(parts.find(Rule::path));
                let data = parts.next_if(Rule::params).map(|p| self.params(p)).unwrap_or_default();
                let target = self.target(parts.find(Rule::target));
                let new = self.migrate_target(target);
                MigrateItemKind::State { old, data, new }
            }
        };
        MigrateItem { kind, span }
    }

    /// The states that instances are led to.
    fn migrate_target(&mut self, target: Target) -> Vec<TargetState> {
        let (path, word, help) = match target.kind {
            TargetKind::States(states) => return states,
            TargetKind::Reenter(state) => {
                (state.path, "reenter", "is entered anew, whatever was active in it")
            }
            TargetKind::Initial(path) => (path, "initial", "is entered where it begins"),
            TargetKind::History { state, deep: false } => {
                (state, "history", "is entered where it begins; what it remembers is kept")
            }
            TargetKind::History { state, deep: true } => {
                (state, "deep_history", "is entered where it begins; what it remembers is kept")
            }
        };
        let name = path.text();
        let message = format!("a migration leads to a state, not to `{word}`");
        self.report(
            Diagnostic::new(Code::Syntax, target.span, message)
                .at("no state has been left, or is active, yet")
                .help(format!("write `-> {name}`: `{name}` {help}"))
                .fix(&format!("write `{name}`"), target.span, name.clone()),
        );
        vec![TargetState { path, args: None }]
    }
}
