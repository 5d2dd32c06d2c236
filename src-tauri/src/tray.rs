//! The tray icon and its menu.

use std::{
    io::Write as _,
    process::{Child, Command, Stdio},
    sync::{Mutex, PoisonError},
};

use anyhow::Context as _;
use tauri::{
    AppHandle, Manager as _,
    menu::{Menu, MenuItem},
    tray::TrayIconBuilder,
};

/// The window's process, while there is one.
#[derive(Default)]
struct WindowProcess(Mutex<Option<Child>>);

/// Shows the tray icon, opens the window, and stays until the user quits.
///
/// # Errors
/// There is no display, or the system's tray library is missing.
pub fn run() -> anyhow::Result<()> {
    tauri::Builder::default()
        .manage(WindowProcess::default())
        .setup(|app| {
            // A left click never reaches the program on Linux (tray-icon#104): everything is in the menu.
            let open = MenuItem::with_id(app, "open", "Open", true, None::<&str>)?;
            let quit = MenuItem::with_id(app, "quit", "Quit", true, None::<&str>)?;
            let menu = Menu::with_items(app, &[&open, &quit])?;
            let mut icon = TrayIconBuilder::with_id("main").menu(&menu).tooltip("Neversent");
            if let Some(image) = app.default_window_icon() {
                icon = icon.icon(image.clone());
            }
            icon.on_menu_event(|app, event| match event.id().as_ref() {
                "open" => report(open_window(app)),
                "quit" => app.exit(0),
                _ => {}
            })
            .build(app)?;
            report(open_window(app.handle()));
            Ok(())
        })
        .run(tauri::generate_context!())
        .context("the tray icon could not be shown: is there a graphical session?")
}

/// Opens the window, or brings the open one to the front.
fn open_window(app: &AppHandle) -> anyhow::Result<()> {
    let state = app.state::<WindowProcess>();
    let mut process = state.0.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(child) = process.as_mut()
        && matches!(child.try_wait(), Ok(None))
        && let Some(input) = child.stdin.as_mut()
        && writeln!(input, "show").and_then(|()| input.flush()).is_ok()
    {
        return Ok(());
    }
    let program = std::env::current_exe().context("the program does not know its own path")?;
    // The window ends when its standard input does, so it never outlives the tray.
    let child = Command::new(program)
        .arg(crate::WINDOW)
        .stdin(Stdio::piped())
        .spawn()
        .context("the window's process could not be started")?;
    *process = Some(child);
    Ok(())
}

/// A window that did not open must not take the tray with it.
fn report(result: anyhow::Result<()>) {
    if let Err(error) = result {
        let _ = writeln!(std::io::stderr(), "neversent-app: {error:#}");
    }
}
