//! What an engine does, for Prometheus: letters are sent, and `GET /metrics` says how it goes.

use mailing::{Activities, DeliverError, Mailing, Start};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use statewright::engine::describe_metrics;
use statewright::store::Status;
use statewright::{Cx, Engine};
use std::error::Error;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

statewright::include_flow!("observed/mailing.flow");

struct Post;

impl Activities for Post {
    async fn deliver(&self, _: &Cx, address: &str, tries: u32) -> Result<(), DeliverError> {
        // Some letters need a second try, and one never arrives.
        let fails = address.ends_with('3') || (tries == 1 && address.ends_with('7'));
        if fails { Err(DeliverError::Bounced) } else { Ok(()) }
    }
}

/// Answers whoever asks with all metrics.
async fn serve(listener: TcpListener, metrics: PrometheusHandle) -> std::io::Result<()> {
    loop {
        let (mut stream, _) = listener.accept().await?;
        let mut request = [0; 1024];
        let _ = stream.read(&mut request).await?;
        let body = metrics.render();
        let head =
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\nConnection: close";
        let answer = format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        stream.write_all(answer.as_bytes()).await?;
    }
}

/// Sends letters, and gives what whoever asks for metrics then gets.
async fn observe() -> Result<String, Box<dyn Error>> {
    let metrics = PrometheusBuilder::new().install_recorder()?;
    describe_metrics();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let place = listener.local_addr()?;
    tokio::spawn(serve(listener, metrics));

    let engine = Engine::builder().register::<Mailing>(Post).start().await?;
    let letters: Vec<String> = (1..=20).map(|at| format!("street {at}")).collect();
    for address in &letters {
        engine.start::<Mailing>(address, Start { address: address.clone() }).await?;
    }
    for address in &letters {
        engine.wait_for::<Mailing>(address, |mail| mail.status == Status::Finished).await?;
    }

    let mut stream = TcpStream::connect(place).await?;
    stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n").await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    engine.stop().await;
    Ok(answer)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let answer = observe().await?;
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    println!("GET /metrics\n{body}");
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_readme_shows_the_diagram() {
        let diagram = format!("```mermaid\n{}```", super::mailing::DIAGRAM);
        assert!(include_str!("README.md").contains(&diagram), "write this:\n{diagram}");
    }

    #[tokio::test]
    async fn prometheus_is_told_what_the_engine_does() {
        let answer = super::observe().await.expect("it runs");
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
        // Twenty letters, of which two come back once and two for good.
        for line in [
            "statewright_activity_ends_total{machine=\"Mailing\",outcome=\"ok\"} 18",
            "statewright_activity_ends_total{machine=\"Mailing\",outcome=\"error\"} 8",
            "statewright_parked{machine=\"Mailing\"} 0",
            "# TYPE statewright_steps_total counter",
            "# HELP statewright_answer_seconds From when something was sent",
        ] {
            assert!(answer.contains(line), "no `{line}` in\n{answer}");
        }
        for name in [
            "statewright_steps_total",
            "statewright_answer_seconds_count",
            "statewright_activities_total",
            "statewright_activity_seconds_count",
            "statewright_attempts_total",
            "statewright_timer_lateness_seconds_count",
            "statewright_batch_size_count",
            "statewright_commit_seconds_count",
            "statewright_waiting",
            "statewright_resident",
            "statewright_parked_total",
            "statewright_tasks_total",
        ] {
            let is_there = answer.lines().any(|line| line.starts_with(name));
            assert!(is_there, "no `{name}` in\n{answer}");
        }
    }
}
