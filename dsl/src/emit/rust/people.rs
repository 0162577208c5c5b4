//! People: what they are told when they are asked, and how their answers become replies.

use super::Emitter;
use super::scope::Scope;
use crate::chart::InvokeId;
use crate::model::{ActivityKind, Task, TitlePart, Ty, TypeDeclKind, Work};
use proc_macro2::TokenStream;
use quote::quote;
use std::ops::Range;

/// Who a task is for, given the name as a value.
pub(super) fn assignee(role: bool, name: TokenStream) -> TokenStream {
    match role {
        true => quote!(__p::Assignee::Role(#name)),
        false => quote!(__p::Assignee::User(#name)),
    }
}

impl Emitter<'_> {
    /// Asks a person: the request, and what is told with it.
    pub(super) fn ask_person(
        &self,
        number: InvokeId,
        request: TokenStream,
        task: &Task,
        scope: &Scope,
    ) -> TokenStream {
        let timeout = match self.chart.invokes[number.index()].timeout {
            Some(timer) => {
                let timer = timer.0 as u16;
                quote!(__p::Option::Some(#timer))
            }
            None => quote!(__p::Option::None),
        };
        let number = number.0 as u16;
        let title = self.title(number, task, scope);
        let assigned = match &task.assigned {
            Some(to) => {
                let to = assignee(to.role, self.owned(&to.name, scope));
                quote!(__p::Option::Some(#to))
            }
            None => quote!(__p::Option::None),
        };
        quote!(core.ask_person(#number, #request, #title, #assigned, #timeout);)
    }

    fn title(&self, number: u16, task: &Task, scope: &Scope) -> TokenStream {
        let mut format = String::new();
        let mut values = Vec::new();
        for part in &task.title {
            match part {
                TitlePart::Text(text) => {
                    format.push_str(&text.replace('{', "{{").replace('}', "}}"));
                }
                TitlePart::Value(value) => {
                    let read = self.read(value, scope);
                    format.push_str(if matches!(value.ty, Ty::Enum(_)) { "{:?}" } else { "{}" });
                    values.push(match value.ty {
                        Ty::Duration => quote!(__p::shown(#read)),
                        _ => quote!(&#read),
                    });
                }
            }
        }
        if format.is_empty() {
            let name = &self.question_name(number);
            return quote!(__p::String::from(#name));
        }
        quote!(__p::format!(#format, #(#values),*))
    }

    /// `choose_one` as `choose one`.
    fn question_name(&self, number: u16) -> String {
        let Work::Activity(activity) = self.chart.invokes[usize::from(number)].call.work(0) else {
            return String::new();
        };
        self.chart.declarations.activities[activity.index()].name.text.replace('_', " ")
    }

    /// The part of `impl Chart` that is about people; nothing if nobody is asked.
    pub(super) fn chart_people(&self) -> TokenStream {
        let declarations = &self.chart.declarations;
        let asked = self.chart.invokes.iter().enumerate().filter_map(|(at, invoke)| {
            let Work::Activity(activity) = invoke.call.work(0) else { return None };
            let activity = &declarations.activities[activity.index()];
            let result = activity.result.as_ref()?;
            (activity.kind == ActivityKind::Person).then_some((at as u16, activity, result))
        });
        let asked: Vec<_> = asked.collect();
        if asked.is_empty() {
            return TokenStream::new();
        }
        let questions = asked.iter().map(|(at, activity, result)| {
            let (name, answer) = (&activity.name.text, result.text(&declarations.types));
            let choices = self.all_answers(result);
            let state = self.chart.invokes[usize::from(*at)].state;
            let Range { start, end } = self.chart.state(state).timers.clone();
            let (start, end) = (start as u16, end as u16);
            quote!(#at => &__p::Question {
                name: #name, answer: #answer, choices: &[#(#choices),*], timers: #start..#end,
            })
        });
        let typed = asked.iter().map(|(at, activity, result)| {
            let (variant, ty) = (self.activity_variant(activity), self.ty(result));
            quote!(#at => answer.downcast_mut::<__p::Option<#ty>>()?.take().map(
                |answer| Reply::#variant(__p::Result::Ok(answer))
            ))
        });
        let read = asked.iter().map(|(at, activity, result)| {
            let (variant, ty) = (self.activity_variant(activity), self.ty(result));
            quote!(#at => <#ty as __p::serde::Deserialize>::deserialize(answer).map(
                |answer| __p::Option::Some(Reply::#variant(__p::Result::Ok(answer)))
            ))
        });
        quote! {
            fn question(invoke: u16) -> __p::Option<&'static __p::Question> {
                __p::Option::Some(match invoke {
                    #(#questions,)*
                    _ => return __p::Option::None,
                })
            }

            fn answered(invoke: u16, answer: &mut dyn __p::Any) -> __p::Option<Reply> {
                match invoke {
                    #(#typed,)*
                    _ => __p::Option::None,
                }
            }

            fn read_answer<'de, __D: __p::serde::Deserializer<'de>>(
                invoke: u16,
                answer: __D,
            ) -> __p::Result<__p::Option<Reply>, __D::Error> {
                match invoke {
                    #(#read,)*
                    _ => __p::Result::Ok(__p::Option::None),
                }
            }
        }
    }

    /// All answers of a type that has few, as JSON.
    fn all_answers(&self, ty: &Ty) -> Vec<String> {
        match ty {
            Ty::Bool => vec!["true".to_owned(), "false".to_owned()],
            Ty::Enum(id) => match &self.chart.declarations.types[id.index()].kind {
                TypeDeclKind::Enum(variants) if variants.iter().all(|v| v.fields.is_empty()) => {
                    variants.iter().map(|variant| format!("\"{}\"", variant.name.text)).collect()
                }
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }
}
