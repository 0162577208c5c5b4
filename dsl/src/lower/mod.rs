//! Decides the meaning, once: works out for every transition what it leaves, does and enters.
