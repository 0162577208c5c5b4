//! The way in: HTTP requests become events, and what the engine says becomes an answer.

use crate::signup::{Event, Signup, Start, State};
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use statewright::engine::EngineError;
use statewright::{Dispatch, Engine};

/// All routes.
pub fn router(engine: Engine) -> Router {
    Router::new()
        .route("/signups", post(start))
        .route("/signups/{email}", get(look).delete(withdraw))
        .route("/signups/{email}/confirm", post(confirm))
        .with_state(engine)
}

#[derive(Deserialize)]
struct New {
    email: String,
    name: String,
}

#[derive(Deserialize)]
struct Confirmation {
    code: u32,
}

#[derive(Serialize)]
struct Shown {
    state: State,
    wrong: u32,
}

/// When this answers, the signup is on stable storage, and what follows will happen.
async fn start(
    Shared(engine): Shared<Engine>,
    Json(New { email, name }): Json<New>,
) -> Result<StatusCode, Refused> {
    let key = email.clone();
    engine.start::<Signup>(&key, Start { email, name }).await?;
    Ok(StatusCode::ACCEPTED)
}

async fn look(
    Shared(engine): Shared<Engine>,
    Path(email): Path<String>,
) -> Result<Json<Shown>, Refused> {
    let seen = engine.state::<Signup>(&email).await?;
    Ok(Json(Shown { state: seen.state, wrong: seen.context.wrong }))
}

async fn confirm(
    Shared(engine): Shared<Engine>,
    Path(email): Path<String>,
    Json(Confirmation { code }): Json<Confirmation>,
) -> Result<StatusCode, Refused> {
    told(engine.send::<Signup>(&email, Event::Confirm { code }).await?)
}

async fn withdraw(
    Shared(engine): Shared<Engine>,
    Path(email): Path<String>,
) -> Result<StatusCode, Refused> {
    told(engine.send::<Signup>(&email, Event::Withdraw).await?)
}

/// An event that nothing handles in the state of now is never lost silently.
fn told(dispatch: Dispatch) -> Result<StatusCode, Refused> {
    match dispatch {
        Dispatch::Unhandled | Dispatch::Ignored => Ok(StatusCode::CONFLICT),
        Dispatch::Handled | Dispatch::Deferred | Dispatch::Pending => Ok(StatusCode::OK),
    }
}

/// An error of the engine as an answer.
struct Refused(EngineError);

impl From<EngineError> for Refused {
    fn from(error: EngineError) -> Self {
        Self(error)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status = match &self.0 {
            EngineError::UnknownInstance { .. } => StatusCode::NOT_FOUND,
            EngineError::Duplicate { .. } => StatusCode::CONFLICT,
            EngineError::Finished(_) | EngineError::Abandoned(_) => StatusCode::GONE,
            EngineError::Overloaded(_) | EngineError::Stopped => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        (status, self.0.to_string()).into_response()
    }
}
