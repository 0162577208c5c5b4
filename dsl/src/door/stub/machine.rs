//! `Machine` with the interface of the real one.

/// Writes it; `krate` is the path of the runtime.
pub(super) fn write(krate: &str, out: &mut String) {
    super::types::traits("Snapshot", out);
    out.push_str(&TEXT.replace("KRATE", krate).replace("STEP", STEP).replace("KRATE", krate));
}

const STEP: &str = "::core::result::Result<KRATE::Dispatch, KRATE::StepError>";

const TEXT: &str = "
    pub struct Snapshot;
    pub struct Machine<H = ()>(::core::marker::PhantomData<H>);
    impl<H> Machine<H> {
        pub fn new(_: H, _: Start) -> ::core::result::Result<Self, KRATE::StepError> { loop {} }
        pub fn new_at(_: H, _: Start, _: &impl KRATE::Clock)
            -> ::core::result::Result<Self, KRATE::StepError> { loop {} }
        pub fn dispatch(&mut self, _: Event) -> STEP { loop {} }
        pub fn advance(&mut self, _: &impl KRATE::Clock)
            -> ::core::result::Result<::core::primitive::usize, KRATE::StepError> { loop {} }
        pub fn state(&self) -> State { loop {} }
        pub fn is_in(&self, _: In) -> ::core::primitive::bool { loop {} }
        pub fn context(&self) -> &Context { loop {} }
        pub fn is_finished(&self) -> ::core::primitive::bool { loop {} }
        pub fn now(&self) -> ::core::time::Duration { loop {} }
        pub fn next_deadline(&self) -> ::core::option::Option<::core::time::Duration> { loop {} }
        pub fn deferred(&self) -> ::core::primitive::usize { loop {} }
        pub fn host(&self) -> &H { loop {} }
        pub fn host_mut(&mut self) -> &mut H { loop {} }
        pub fn into_host(self) -> H { loop {} }
        pub fn outputs(&mut self) -> ::std::vec::IntoIter<Output> { loop {} }
        pub fn definition(&self) -> &'static KRATE::Definition { loop {} }
        pub fn snapshot(&self) -> Snapshot { loop {} }
        pub fn restore(_: H, _: Snapshot)
            -> ::core::result::Result<Self, KRATE::RestoreError> { loop {} }
        pub fn restore_at(_: H, _: Snapshot, _: &impl KRATE::Clock)
            -> ::core::result::Result<Self, KRATE::RestoreError> { loop {} }
    }
    impl<H> ::core::fmt::Debug for Machine<H> {
        fn fmt(&self, _: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result { loop {} }
    }";
