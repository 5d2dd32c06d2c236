//! The program `neversent`: the command line of the agent.

use std::process::ExitCode;

use agent::cli;
use agent::engine::Engine;

fn main() -> ExitCode {
    cli::main::<Engine>()
}
