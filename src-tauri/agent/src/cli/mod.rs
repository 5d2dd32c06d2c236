//! The command line `neversent`.

mod account;
mod classify;
mod doctor;
mod exit;
mod learned;
mod mine;
mod output;
mod quarantine;
mod reach;
mod reports;
mod rules;
mod run;
mod sources;
mod status;
mod store;

use std::{future::Future, io::Write as _, path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};
use tracing::level_filters::LevelFilter;

use self::exit::{Exit, Failure};
use crate::{
    config::{Config, Paths},
    logging,
};

/// Watches your inbox and takes out the replies to mail you never sent.
///
/// When a spammer forges your address, other people's servers send you bounces, out-of-office replies and the like.
/// Neversent asks of each: which message does this answer, and did I send it? What you never sent goes to the folder
/// `Never Sent`, with the reasons and an undo; in doubt it stays where it is.
///
/// Begin with a configuration file (the README shows one), store the password with `neversent account password NAME`,
/// look with `neversent doctor` whether all is well, then start `neversent run`. Nothing is moved until you say
/// `neversent quarantine apply`, or set mode = "quarantine".
///
/// Exit status: 0 done, 1 some of it failed, 2 wrong usage or configuration, 3 sign-in refused, 4 no connection,
/// 5 store damaged and could not be set aside.
#[derive(Debug, Parser)]
#[command(name = "neversent", version, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    places: Places,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Args)]
struct Places {
    /// The configuration file [default: config.toml in the platform's folder for it]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The folder of Neversent's own data [default: the platform's folder for it]
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Run(run::Run),
    Classify(Box<classify::Classify>),
    Quarantine(quarantine::Quarantine),
    Status(status::Status),
    Doctor(doctor::Doctor),
    Rules(rules::Rules),
    Sources(sources::Sources),
    Reports(reports::Reports),
    Mine(mine::Mine),
    Learned(learned::Learned),
    Store(store::Store),
    Account(account::AccountCommand),
}

/// Where a command finds things.
#[derive(Debug)]
pub struct Context {
    /// The places.
    pub paths: Paths,
}

impl Context {
    /// The configuration, read now.
    ///
    /// # Errors
    /// It is missing or wrong.
    pub fn config(&self) -> Result<Config, Failure> {
        Ok(Config::load(&self.paths.config)?)
    }
}

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    // Two providers in one program make rustls panic at its first use (pingora#446); an installed one settles it.
    // It fails only where one is installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let exit = if error.use_stderr() { Exit::Usage } else { Exit::Done };
            let _ = error.print();
            return exit.into();
        }
    };
    match dispatch(cli) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            if !failure.message.is_empty() {
                // Where standard error is closed, the exit status is left.
                let _ = writeln!(std::io::stderr(), "neversent: {}", failure.message);
            }
            failure.exit.into()
        }
    }
}

fn dispatch(cli: Cli) -> Result<Exit, Failure> {
    if let Command::Classify(arguments) = &cli.command {
        return classify::run(arguments);
    }
    let context = Context { paths: Paths::resolve(cli.places.config, cli.places.data_dir)? };
    let _log = if matches!(cli.command, Command::Run(_)) {
        context.paths.make_data_dir()?;
        logging::start(Some(&context.paths.log()), LevelFilter::INFO)?
    } else {
        logging::start(None, LevelFilter::WARN)?
    };
    match cli.command {
        Command::Run(arguments) => wait(run::run(&arguments, &context)),
        Command::Quarantine(arguments) => wait(quarantine::run(arguments, &context)),
        Command::Status(arguments) => wait(status::run(&arguments, &context)),
        Command::Doctor(arguments) => wait(doctor::run(&arguments, &context)),
        Command::Rules(arguments) => rules::run(arguments, &context),
        Command::Reports(arguments) => wait(reports::run(arguments, &context)),
        Command::Sources(arguments) => wait(sources::run(&arguments, &context)),
        Command::Mine(arguments) => wait(mine::run(arguments, &context)),
        Command::Learned(arguments) => wait(learned::run(arguments, &context)),
        Command::Store(arguments) => wait(store::run(arguments, &context)),
        Command::Account(arguments) => wait(account::run(&arguments, &context)),
        Command::Classify(arguments) => classify::run(&arguments),
    }
}

fn wait(command: impl Future<Output = Result<Exit, Failure>>) -> Result<Exit, Failure> {
    let runtime =
        // Each thread has a heap arena of its own, and what is freed in one is of no use to the others.
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).max_blocking_threads(6).enable_all().build().map_err(
            |error| Failure::new(Exit::SomeFailed, format!("the system gives no threads: {error}")),
        )?;
    let ended = runtime.block_on(command);
    // What still waits in a blocking call, such as a read of standard input, is not waited for.
    runtime.shutdown_background();
    ended
}

/// The agent answered another question than was asked.
fn unexpected() -> Failure {
    Failure::new(
        Exit::SomeFailed,
        "the agent gave another answer than was asked for; start it again, in this version",
    )
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
