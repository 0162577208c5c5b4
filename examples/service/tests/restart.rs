//! The service as its users meet it: over HTTP, and killed in between.
#![cfg(test)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// The program on a port that was free.
struct Service {
    child: Child,
    place: String,
}

impl Service {
    fn begin(data: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_signup-service"))
            .arg("127.0.0.1:0")
            .arg(data)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let place = line.trim().strip_prefix("listening on http://").unwrap().to_owned();
        Self { child, place }
    }

    /// The status and the body of an answer.
    fn ask(&self, what: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.place).unwrap();
        let head = "Host: here\r\nConnection: close\r\nContent-Type: application/json";
        let length = body.len();
        write!(stream, "{what} HTTP/1.1\r\n{head}\r\nContent-Length: {length}\r\n\r\n{body}")
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, body.to_owned())
    }

    /// Asks until the signup is as it is wanted.
    fn wait_for(&self, email: &str, wanted: &str) -> String {
        for _ in 0..10_000 {
            let (_, seen) = self.ask(&format!("GET /signups/{email}"), "");
            if seen.contains(wanted) {
                return seen;
            }
        }
        panic!("`{email}` is never {wanted}");
    }

    /// `kill -9`
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

/// The codes in all mails.
fn codes(data: &Path) -> Vec<String> {
    let mails = std::fs::read_dir(data.join("mails")).unwrap();
    let texts = mails.map(|mail| std::fs::read_to_string(mail.unwrap().path()).unwrap());
    let digits = |text: String| text.chars().filter(char::is_ascii_digit).collect();
    texts.map(digits).collect()
}

#[test]
fn a_signup_survives_being_killed() {
    let data = folder("survives");
    let service = Service::begin(&data);
    let ada = r#"{"email": "ada@example.org", "name": "Ada"}"#;
    assert_eq!(service.ask("POST /signups", ada).0, 202);
    assert_eq!(service.ask("POST /signups", ada).0, 409);
    service.wait_for("ada@example.org", r#""Waiting":"Quiet""#);
    service.kill();

    let service = Service::begin(&data);
    let codes = codes(&data);
    assert_eq!(codes.len(), 1, "one mail, however often it was sent: {codes:?}");
    let confirm = "POST /signups/ada@example.org/confirm";
    assert_eq!(service.ask(confirm, r#"{"code": 1}"#).0, 200);
    service.wait_for("ada@example.org", r#""wrong":1"#);
    service.kill();

    let service = Service::begin(&data);
    assert_eq!(service.ask(confirm, &format!(r#"{{"code": {}}}"#, codes[0])).0, 200);
    service.wait_for("ada@example.org", r#""Member""#);
    assert_eq!(service.ask(confirm, r#"{"code": 1}"#).0, 410);
    assert_eq!(std::fs::read_dir(data.join("accounts")).unwrap().count(), 1);
}

#[test]
fn what_is_refused_is_told() {
    let service = Service::begin(&folder("refused"));
    assert_eq!(service.ask("GET /signups/nobody", "").0, 404);
    assert_eq!(service.ask("POST /signups", r#"{"email": "bob", "name": "Bob"}"#).0, 202);
    let seen = service.wait_for("bob", "Failed");
    assert!(seen.contains("`bob` has no @"), "{seen}");
    assert_eq!(service.ask("DELETE /signups/bob", "").0, 410);
}
