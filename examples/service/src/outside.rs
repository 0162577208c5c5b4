//! What happens outside of the machine: mails, and accounts.

use crate::signup::{Activities, InviteError, OpenAccountError, RemindError};
use statewright::Cx;
use std::io;
use std::path::{Path, PathBuf};

/// The services that a signup needs. Here a mail is a file, and an account is a line in one; yours
/// are clients of what you have, made once and shared by all instances.
pub struct Outside {
    mails: PathBuf,
    accounts: PathBuf,
}

impl Outside {
    /// Writes into a folder.
    pub fn new(data: &Path) -> Self {
        Self { mails: data.join("mails"), accounts: data.join("accounts") }
    }

    /// A number that belongs to a call, and is the same each time the call is made: an activity that
    /// was cut off by the end of the program is called again under the same key.
    fn number_of(cx: &Cx) -> u64 {
        // FNV-1a, which no new compiler changes.
        cx.idempotency_key().bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
    }

    /// A mail that is sent again under the same key replaces itself.
    async fn send(&self, cx: &Cx, to: &str, text: &str) -> io::Result<()> {
        tokio::fs::create_dir_all(&self.mails).await?;
        let file = self.mails.join(format!("{:016x}.txt", Self::number_of(cx)));
        tokio::fs::write(file, format!("To: {to}\n\n{text}\n")).await
    }
}

impl Activities for Outside {
    async fn invite(&self, cx: &Cx, email: &str, name: &str) -> Result<u32, InviteError> {
        if !email.contains('@') {
            // What the machine knows by name: it says what becomes of it.
            return Err(InviteError::NoSuchAddress { why: format!("`{email}` has no @") });
        }
        let code = (Self::number_of(cx) % 9000) as u32 + 1000;
        // Everything else is `Unexpected`, through `?`.
        self.send(cx, email, &format!("Dear {name}, your code is {code}.")).await?;
        Ok(code)
    }

    async fn remind(&self, cx: &Cx, email: &str, code: u32) -> Result<(), RemindError> {
        self.send(cx, email, &format!("Your code is still {code}.")).await?;
        Ok(())
    }

    async fn open_account(
        &self,
        cx: &Cx,
        email: &str,
        name: &str,
    ) -> Result<u64, OpenAccountError> {
        let account = Self::number_of(cx) % 1_000_000;
        tokio::fs::create_dir_all(&self.accounts).await?;
        tokio::fs::write(self.accounts.join(account.to_string()), format!("{name} <{email}>\n"))
            .await?;
        Ok(account)
    }
}
