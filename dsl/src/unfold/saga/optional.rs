//! What takes a step back is told what the step has given, if that is known: the parameter is an
//! `Option`, and whoever else calls the activity knows the value.

use crate::ast::{
    Call, ExprKind, FanOut, Machine, MachineItem, Made, StateItem, StateItemKind, Step,
};
use crate::unfold::make;
use std::collections::BTreeSet;

/// Parameters that become `Option`s: activity and index.
#[derive(Debug, Default)]
pub(super) struct Optional {
    params: BTreeSet<(String, usize)>,
}

impl Optional {
    /// Notes a parameter.
    pub(super) fn param(&mut self, activity: &str, index: usize) {
        self.params.insert((activity.to_owned(), index));
    }

    /// Declares the parameters so, and wraps what others give for them.
    pub(super) fn apply(&self, machine: &mut Machine) {
        if self.params.is_empty() {
            return;
        }
        for item in &mut machine.items {
            match item {
                MachineItem::Activity { signature, .. } => {
                    for (index, param) in signature.params.iter_mut().enumerate() {
                        if self.params.contains(&(signature.name.text.clone(), index)) {
                            param.ty = make::option(param.ty.clone());
                        }
                    }
                }
                MachineItem::State(item) => self.item(item),
                _ => {}
            }
        }
    }

    fn item(&self, item: &mut StateItem) {
        match &mut item.kind {
            StateItemKind::State(state) => {
                state.items.iter_mut().flatten().for_each(|item| self.item(item));
            }
            StateItemKind::Invoke(chain) => chain.iter_mut().for_each(|call| self.call(call)),
            StateItemKind::FanOut(FanOut { calls, .. }) => {
                let calls = calls.iter_mut().flat_map(|call| &mut call.chain);
                calls.for_each(|call| self.call(call));
            }
            // Of a saga that is none.
            StateItemKind::Step(Step { call, compensate, .. }) => {
                [call].into_iter().chain(compensate).for_each(|call| self.call(call));
            }
            _ => {}
        }
    }

    fn call(&self, call: &mut Call) {
        for (index, arg) in call.args.iter_mut().enumerate() {
            let is_plain = !matches!(arg.kind, ExprKind::Made(Made::Known, _));
            if is_plain && !call.machine && self.params.contains(&(call.name.text.clone(), index)) {
                let span = arg.span;
                let value = std::mem::replace(arg, make::read("none", span));
                *arg = make::some(value, span);
            }
        }
    }
}
