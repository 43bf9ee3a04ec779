//! The `litellm-ls` program: arguments in, exit code out.

mod log;

use std::{io::Write, process::ExitCode};

use tracing::{Event, Level, Subscriber};
use tracing_subscriber::{
    filter::{LevelFilter, Targets},
    fmt::{FmtContext, FormatEvent, FormatFields, format},
    layer::SubscriberExt,
    registry::LookupSpan,
    util::SubscriberInitExt,
};

use log::Log;

#[global_allocator]
static ALLOCATOR: litellm_ls::memory::Clearing = litellm_ls::memory::Clearing;

/// After how many turns of its tasks the one thread looks for news: one editor's, and that of many. Each look costs a
/// chunk some microseconds.
const NEWS_AFTER: [u32; 2] = [8, 2];

/// How lines of the log look. A person who types commands is told a warning as all others are.
struct Lines(format::Format);

impl<S, N> FormatEvent<S, N> for Lines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: format::Writer<'_>,
        event: &Event<'_>,
    ) -> std::fmt::Result {
        if *event.metadata().level() > Level::WARN || !litellm_ls::cli::is_command() {
            return self.0.format_event(context, writer, event);
        }
        writer.write_str("warning: ")?;
        context.format_fields(writer.by_ref(), event)?;
        writeln!(writer)
    }
}

fn main() -> ExitCode {
    litellm_ls::memory::close();
    litellm_ls::memory::keep_little();
    litellm_ls::descriptors::tell_large_files();
    let finish = log::Finish;
    // A panic's own text may quote what it was about; where it was is enough to find it.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let told = format!("litellm-ls met a defect at {place}: please report it\n");
        let _ = Log.write_all(told.as_bytes());
    }));
    let wanted = std::env::var("LITELLM_LS_LOG").ok().and_then(|wanted| wanted.parse::<Targets>().ok());
    let filter = wanted.unwrap_or_else(|| Targets::new().with_default(LevelFilter::WARN));
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(|| Log)
        .with_ansi(false)
        .log_internal_errors(false)
        .event_format(Lines(format::Format::default()));
    tracing_subscriber::registry().with(filter).with(lines).init();

    if let Err(error) = litellm_ls::descriptors::leave_room() {
        tracing::error!("litellm-ls can't begin: {error}");
        return ExitCode::FAILURE;
    }
    // One thread: handed from one to another, a chunk would be late by the time that a thread takes to wake up. It looks
    // for news more often than Tokio does by itself: a turn that takes in a long list takes a quarter of a millisecond.
    let is_shared = std::env::args_os().nth(1).is_some_and(|command| command == litellm_ls::daemon::COMMAND);
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = match runtime.enable_all().event_interval(NEWS_AFTER[usize::from(is_shared)]).build() {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!(%error, "the system gives no threads");
            return ExitCode::FAILURE;
        }
    };
    let code = runtime.block_on(litellm_ls::cli::run());
    // Tokio's stdin is a thread that sits in a read, which would hold the process for ever.
    runtime.shutdown_background();
    drop(finish);
    litellm_ls::cli::end();
    code
}
