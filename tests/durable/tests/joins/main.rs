//! Every join and every vote, over a list and of calls beside each other, in memory and on an engine, where
//! the program may end on the way. Time stands still unless nothing else is to be done.

#![allow(clippy::unwrap_used)]

mod joined;
mod many;
mod people;
mod voted;
