//! Effects.

use super::Emitter;
use super::expr::is_fallible;
use super::people::assignee;
use super::scope::{Field, Scope};
use crate::model::{
    ContextDecl, Effect, EffectKind, EventDecl, EventId, Expr, ExprKind, Name, OutputId, RustPath,
    Ty,
};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

/// The effects of a plan in two parts.
#[derive(Default)]
pub(super) struct PlanEffects {
    /// Values that can fail, read before anything is done.
    pub(super) ahead: TokenStream,
    /// The effects.
    pub(super) then: TokenStream,
}

impl PlanEffects {
    /// Nothing is read before its turn.
    pub(super) fn in_order(then: TokenStream) -> Self {
        Self { ahead: TokenStream::new(), then }
    }
}

/// A value in an effect; with a type if it is an argument of a host function.
type Value<'e> = (&'e Expr, Option<&'e Ty>);

impl Emitter<'_> {
    /// Effects in order, each reading its values when its turn comes.
    pub(super) fn effects(&self, effects: &[Effect], scope: &Scope) -> TokenStream {
        let all = effects.iter().map(|effect| self.effect(effect, scope));
        quote!(#(#all)*)
    }

    /// Effects with all values that can fail read in front, so that nothing has to be taken back.
    pub(super) fn effects_ahead(&self, effects: &[Effect], scope: &Scope) -> PlanEffects {
        let last = effects.iter().rposition(|e| self.values(e).iter().any(|(v, _)| is_fallible(v)));
        let Some(last) = last else {
            return PlanEffects::in_order(self.effects(effects, scope));
        };
        let mut ahead_scope = scope.clone();
        let mut result = PlanEffects::default();
        for (at, effect) in effects.iter().enumerate() {
            let values = self.values(effect);
            let field = field_set(effect).filter(|_| at <= last);
            if field.is_none() && !values.iter().any(|(value, _)| is_fallible(value)) {
                result.then.extend(self.effect(effect, scope));
                continue;
            }
            let mut locals = Vec::new();
            for (index, (value, ty)) in values.iter().enumerate() {
                // Names that a pattern binds end with `_`.
                let local = format_ident!("value_{at}_{index}");
                let read = self.owned(value, &ahead_scope);
                result.ahead.extend(quote!(let #local = #read;));
                if let Some(field) = &field {
                    ahead_scope.ahead.push((field.clone(), local.clone()));
                }
                let by_reference = ty.is_some_and(|ty| !self.is_copy(ty));
                locals.push(if by_reference { quote!(&#local) } else { quote!(#local) });
            }
            result.then.extend(self.effect_with(effect, locals));
        }
        result
    }

    fn effect(&self, effect: &Effect, scope: &Scope) -> TokenStream {
        let values = self.values(effect).into_iter().map(|(value, ty)| match ty {
            Some(ty) => self.argument(value, ty, scope),
            None => self.owned(value, scope),
        });
        let values = values.collect();
        self.effect_with(effect, values)
    }

    fn values<'e>(&'e self, effect: &'e Effect) -> Vec<Value<'e>> {
        match &effect.kind {
            EffectKind::Set(_, value)
            | EffectKind::SetData(_, _, value)
            | EffectKind::SetExternal(_, value) => vec![(value, None)],
            EffectKind::Raise(_, args) | EffectKind::Emit(_, args) | EffectKind::Send(_, args) => {
                plain(args).collect()
            }
            EffectKind::RaiseAfter(_, args, delay) => plain(args).chain([(delay, None)]).collect(),
            EffectKind::Escalate(_, to) => vec![(&to.name, None)],
            EffectKind::Cancel(_) | EffectKind::Remind(_) => Vec::new(),
            EffectKind::Action(function, args) => {
                let params = &self.chart.declarations.functions[function.index()].params;
                args.iter().zip(params).map(|(arg, param)| (arg, Some(&param.ty))).collect()
            }
        }
    }

    fn effect_with(&self, effect: &Effect, mut values: Vec<TokenStream>) -> TokenStream {
        match &effect.kind {
            EffectKind::Set(field, _) => {
                let ContextDecl::Declared(fields) = &self.chart.declarations.context else {
                    return TokenStream::new();
                };
                let declared = &fields[field.index()];
                let name = self.ident(&declared.param.name);
                match declared.late {
                    true => quote!(core.context.#name = __p::Option::Some(#(#values)*);),
                    false => quote!(core.context.#name = #(#values)*;),
                }
            }
            EffectKind::SetData(state, at, _) => {
                let field = self.data_field(*state, *at as usize);
                quote!(core.data.#field = __p::Option::Some(#(#values)*);)
            }
            EffectKind::SetExternal(name, _) => {
                let name = self.ident(name);
                quote!(core.context.#name = #(#values)*;)
            }
            EffectKind::Raise(event, _) => {
                let event = self.event_value(*event, &values);
                quote!(core.raise(#event);)
            }
            EffectKind::RaiseAfter(event, _, delay) => {
                let delay_value = values.pop();
                let event = self.event_value(*event, &values);
                if is_certain(delay) {
                    return quote!(core.raise_surely_after(#event, #delay_value););
                }
                let place = self.place(delay.span);
                quote!(core.raise_after(#event, #delay_value, #place)?;)
            }
            EffectKind::Cancel(event) => {
                let trigger = event.0;
                quote!(core.cancel(#trigger);)
            }
            EffectKind::Emit(output, _) => {
                let output = self.output_value(*output, &values);
                quote!(core.outputs.push(#output);)
            }
            EffectKind::Send(message, _) => {
                let message = self.message_value(*message, &values);
                quote!(core.send(#message);)
            }
            EffectKind::Action(function, _) => {
                let name = self.ident(&self.chart.declarations.functions[function.index()].name);
                quote!(__A::#name(actions, #(#values),*);)
            }
            EffectKind::Remind(state) => {
                let invoke = self.chart.state(*state).invoke.map(|invoke| invoke.0 as u16);
                quote!(core.remind(#invoke);)
            }
            EffectKind::Escalate(state, to) => {
                let invoke = self.chart.state(*state).invoke.map(|invoke| invoke.0 as u16);
                let to = assignee(to.role, quote!(#(#values)*));
                quote!(core.escalate(#invoke, #to);)
            }
        }
    }

    pub(super) fn event_value(&self, event: EventId, values: &[TokenStream]) -> TokenStream {
        let declarations = &self.chart.declarations;
        let declared = &declarations.events[event.index()];
        self.message("Event", declared, &declarations.external_events, values)
    }

    pub(super) fn output_value(&self, output: OutputId, values: &[TokenStream]) -> TokenStream {
        let declarations = &self.chart.declarations;
        let declared = &declarations.outputs[output.index()];
        self.message("Output", declared, &declarations.external_outputs, values)
    }

    /// An event or output with its payload.
    fn message(
        &self,
        ty: &str,
        declared: &EventDecl,
        external: &Option<RustPath>,
        values: &[TokenStream],
    ) -> TokenStream {
        let (ty, name) = (format_ident!("{ty}"), self.ident(&declared.name));
        if values.is_empty() {
            return quote!(#ty::#name);
        }
        if external.is_some() {
            return quote!(#ty::#name(#(#values),*));
        }
        let fields: Vec<&Name> = declared.params.iter().map(|param| &param.name).collect();
        let fields = fields.into_iter().map(|field| self.ident(field));
        quote!(#ty::#name { #(#fields: #values),* })
    }
}

fn plain(exprs: &[Expr]) -> impl Iterator<Item = Value<'_>> {
    exprs.iter().map(|expr| (expr, None))
}

/// The field that the effect sets.
pub(super) fn field_set(effect: &Effect) -> Option<Field> {
    match &effect.kind {
        EffectKind::Set(field, _) => Some(Field::Declared(*field)),
        EffectKind::SetData(state, at, _) => Some(Field::Data(*state, *at)),
        EffectKind::SetExternal(name, _) => Some(Field::External(name.text.clone())),
        _ => None,
    }
}

/// True if the effect itself, beside its expressions, can fail.
pub(super) fn can_fail(effect: &Effect) -> bool {
    matches!(&effect.kind, EffectKind::RaiseAfter(_, _, delay) if !is_certain(delay))
}

/// True for durations that can be waited for whatever the time is: literals other than zero. Their
/// deadlines stop at the end of time.
pub(super) fn is_certain(delay: &Expr) -> bool {
    matches!(delay.kind, ExprKind::Duration(millis) if millis > 0)
}
