//! The whole program on a real desktop: tray, notifications, keyring and window, with a real mail server.

mod at_work;
mod first_run;
mod hostile;

use agent::api::{Request, Response, StatusView};
use agent::config::Paths;
use agent::socket;
use it::desktop::app;
use it::{Desktop, Rig, WebView};
use tokio::process::Child;

/// The agent that hears in this data directory: how all is.
async fn status(paths: &Paths) -> anyhow::Result<StatusView> {
    match socket::ask(&paths.socket(), Request::Status).await? {
        Response::Status(status) => Ok(status),
        other => anyhow::bail!("a status answers: {other:?}"),
    }
}

/// What tells the program where a rig's configuration and data are.
fn places(rig: &Rig) -> [String; 4] {
    let path = |path: std::path::PathBuf| path.display().to_string();
    ["--config".to_owned(), path(rig.config_file()), "--data-dir".to_owned(), path(rig.data_dir())]
}

/// Starts the program without a window, on the account of a rig.
fn start(desktop: &Desktop, rig: &Rig) -> Child {
    let mut command = desktop.command(app());
    command.arg("--autostarted").args(places(rig)).stderr(std::process::Stdio::inherit());
    command.spawn().expect("the program starts")
}

/// Goes to a place of the window, as a link in it does.
async fn go(window: &WebView, place: &str) {
    window.run(&format!("location.hash = '{place}'")).await.expect("it goes there");
}

/// Opens the window of a rig's agent; from then on what it does against its policy, or a script of a stranger's, is kept.
async fn window_of(desktop: &Desktop, rig: &Rig) -> WebView {
    let window = WebView::open_with(desktop, &places(rig)).await.expect("the window opens");
    let watch = "window.violations = []; document.addEventListener('securitypolicyviolation', (one) => \
                 window.violations.push(one.violatedDirective + ' ' + one.blockedURI))";
    window.run(watch).await.expect("it is watched");
    window
}

/// The window did nothing against its policy, and ran nothing of a mail's.
async fn check_policy(window: &WebView) {
    let seen =
        window.run("return [window.violations, window.pwned === undefined]").await.expect("it is asked");
    assert_eq!(
        seen,
        serde_json::json!([[], true]),
        "no violation of the policy, and no script of a mail's has run"
    );
}
