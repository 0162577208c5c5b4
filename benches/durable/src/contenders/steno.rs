//! `steno`, with a log in SQLite that syncs each entry: it brings none itself. What it says of where
//! a saga is, which its manual calls a cache, is not kept.

use ::steno::{
    Action, ActionContext, ActionError, ActionFunc, ActionRegistry, DagBuilder, Node,
    SagaCachedState, SagaCreateParams, SagaDag, SagaId, SagaName, SagaNodeEvent, SagaType,
    SecClient, SecStore,
};
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use statewright_load::{Activities, Engine, Result, SAGA, Step};
use std::fmt;
use std::path::Path;
use std::sync::Arc;

pub struct Steno {
    sec: SecClient,
    registry: Arc<ActionRegistry<Order>>,
    actions: [Arc<dyn Action<Order>>; 4],
    activities: Arc<Activities>,
}

/// Entries wait for each other: SQLite writes one at a time.
#[derive(Debug)]
struct Log(SqlitePool);

#[async_trait::async_trait]
impl SecStore for Log {
    async fn saga_create(&self, params: SagaCreateParams) -> anyhow::Result<()> {
        let text = serde_json::to_string(&params)?;
        let insert = sqlx::query("INSERT INTO saga (id, body) VALUES (?, ?)");
        insert.bind(params.id.to_string()).bind(text).execute(&self.0).await?;
        Ok(())
    }

    async fn record_event(&self, event: SagaNodeEvent) {
        // What cannot be written must not be believed.
        let text = serde_json::to_string(&event).expect("an event is plain data");
        let insert = sqlx::query("INSERT INTO event (saga, body) VALUES (?, ?)");
        let done = insert.bind(event.saga_id.to_string()).bind(text).execute(&self.0).await;
        done.expect("the disk has room");
    }

    async fn saga_update(&self, _: SagaId, _: SagaCachedState) {}
}

#[derive(Debug)]
struct Order;

impl SagaType for Order {
    type ExecContextType = One;
}

/// One order.
struct One {
    number: u64,
    activities: Arc<Activities>,
}

impl fmt::Debug for One {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "order {}", self.number)
    }
}

type Context = ActionContext<Order>;

fn step(context: &Context, step: Step) -> String {
    let one = context.user_data();
    one.activities.run(step, one.number)
}

async fn undo(context: Context, node: &str, step: Step) -> anyhow::Result<()> {
    let given: String = context.lookup(node)?;
    let one = context.user_data();
    one.activities.undo(step, one.number, &given).map_err(anyhow::Error::msg)
}

async fn reserve(context: Context) -> std::result::Result<String, ActionError> {
    Ok(step(&context, Step::Reserve))
}

async fn charge(context: Context) -> std::result::Result<String, ActionError> {
    Ok(step(&context, Step::Charge))
}

async fn ship(context: Context) -> std::result::Result<String, ActionError> {
    Ok(step(&context, Step::Ship))
}

async fn notify(context: Context) -> std::result::Result<String, ActionError> {
    Err(ActionError::action_failed(step(&context, Step::Notify)))
}

async fn release(context: Context) -> anyhow::Result<()> {
    undo(context, "reserve", Step::Release).await
}

async fn refund(context: Context) -> anyhow::Result<()> {
    undo(context, "charge", Step::Refund).await
}

async fn recall(context: Context) -> anyhow::Result<()> {
    undo(context, "ship", Step::Recall).await
}

async fn nothing(_: Context) -> anyhow::Result<()> {
    Ok(())
}

const NAMES: [&str; 4] = ["reserve", "charge", "ship", "notify"];

impl Engine for Steno {
    const STEPS: &'static [Step] = &SAGA;

    async fn open(folder: &Path, activities: Arc<Activities>) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(folder.join("steno.db"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
        for table in ["saga (id TEXT PRIMARY KEY, body TEXT)", "event (saga TEXT, body TEXT)"] {
            sqlx::query(&format!("CREATE TABLE {table}")).execute(&pool).await?;
        }
        let actions: [Arc<dyn Action<Order>>; 4] = [
            ActionFunc::new_action(NAMES[0], reserve, release),
            ActionFunc::new_action(NAMES[1], charge, refund),
            ActionFunc::new_action(NAMES[2], ship, recall),
            ActionFunc::new_action(NAMES[3], notify, nothing),
        ];
        let mut registry = ActionRegistry::new();
        actions.iter().for_each(|action| registry.register(action.clone()));
        let quiet = slog::Logger::root(slog::Discard, slog::o!());
        let sec = ::steno::sec(quiet, Arc::new(Log(pool)));
        Ok(Self { sec, registry: Arc::new(registry), actions, activities })
    }

    async fn run(&self, order: u64) -> Result<String> {
        let mut builder = DagBuilder::new(SagaName::new("order"));
        for (name, action) in NAMES.iter().zip(&self.actions) {
            builder.append(Node::action(*name, *name, action.as_ref()));
        }
        let dag = Arc::new(SagaDag::new(builder.build()?, serde_json::Value::Null));
        let one = Arc::new(One { number: order, activities: self.activities.clone() });
        let id = SagaId::new_v4();
        let ended = self.sec.saga_create(id, one, dag, self.registry.clone()).await?;
        self.sec.saga_start(id).await?;
        match ended.await.kind {
            Err(error) if error.undo_failure.is_none() => {
                Ok(error.error_source.convert::<String>().map_err(|error| error.to_string())?)
            }
            other => Err(format!("order {order}: {other:?}").into()),
        }
    }
}
