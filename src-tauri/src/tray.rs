//! The tray icon and its menu, and the window's process.

use std::io::Write as _;
use std::process::{ChildStdin, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use agent::desktop::{Entry, MenuOrder, Tray};
use anyhow::Context as _;
use tauri::menu::{Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::TrayIconBuilder;
use tauri::{AppHandle, Manager as _, RunEvent};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::{Arguments, complain, desk, icons, window};

/// The name of the only icon.
const ICON: &str = "main";

/// What the tray's process keeps.
struct Kept {
    arguments: Arguments,
    /// The window's standard input, while there is a window.
    window: Mutex<Option<ChildStdin>>,
    orders: mpsc::UnboundedSender<MenuOrder>,
    /// What is shown.
    shown: Mutex<Option<(Tray, bool)>>,
    stop: CancellationToken,
}

/// Shows the tray icon, opens the window, and stays until the user quits.
///
/// # Errors
/// There is no display, or the system's tray library is missing.
pub fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let paths = arguments.paths()?;
    let (orders, ordered) = mpsc::unbounded_channel();
    let stop = CancellationToken::new();
    let kept = Kept {
        arguments: arguments.clone(),
        window: Mutex::default(),
        orders,
        shown: Mutex::default(),
        stop: stop.clone(),
    };
    let started_again = |app: &AppHandle, arguments: Vec<String>, _folder: String| {
        let at = arguments.iter().skip_while(|argument| *argument != "--at").nth(1);
        report(open_window(app, at.map(String::as_str)));
    };
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(started_again))
        .plugin(window::autostart())
        .manage(kept)
        .setup(move |app| {
            let menu = Menu::new(app)?;
            // A left click never reaches the program on Linux (tray-icon#104): everything is in the menu.
            TrayIconBuilder::with_id(ICON)
                .menu(&menu)
                .tooltip("Neversent")
                .on_menu_event(|app, event| {
                    if let Some(order) = MenuOrder::of_name(event.id().as_ref()) {
                        carry_out(app, order);
                    }
                })
                .build(app)?;
            let kept = app.state::<Kept>();
            if !kept.arguments.autostarted {
                report(open_window(app.handle(), kept.arguments.at.as_deref()));
            }
            desk::start(app.handle().clone(), paths, ordered, stop)?;
            Ok(())
        })
        .build(tauri::generate_context!())
        .context("the tray icon could not be shown: is there a graphical session?")?;
    app.run(|app, event| {
        if let RunEvent::Exit = event {
            // Its standard input ends with it, and so does the window.
            let kept = app.state::<Kept>();
            *kept.window.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    });
    Ok(())
}

fn carry_out(app: &AppHandle, order: MenuOrder) {
    let at = match order {
        MenuOrder::Open => None,
        MenuOrder::Eye => Some(crate::pages::EYE),
        MenuOrder::Reports => Some(crate::pages::REPORTS),
        MenuOrder::Quit => return quit(app),
        MenuOrder::Check | MenuOrder::PauseHour | MenuOrder::PauseTomorrow | MenuOrder::Resume => {
            let _ = app.state::<Kept>().orders.send(order);
            return;
        }
    };
    report(open_window(app, at));
}

/// Ends the program; an agent that it hosts is ended cleanly first.
pub fn quit(app: &AppHandle) {
    app.state::<Kept>().stop.cancel();
}

/// Shows the tray as it is to be; `dark`: the panel is dark.
///
/// # Errors
/// The desktop does not take the menu or the picture.
pub fn show(app: &AppHandle, tray: Tray, dark: bool) -> tauri::Result<()> {
    let kept = app.state::<Kept>();
    let mut shown = kept.shown.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(icon) = app.tray_by_id(ICON) else { return Ok(()) };
    let before = shown.as_ref();
    if before.is_none_or(|(before, _)| before.menu != tray.menu) {
        icon.set_menu(Some(menu(app, &tray.menu)?))?;
    }
    if before.is_none_or(|(before, was_dark)| before.face != tray.face || *was_dark != dark) {
        icon.set_icon(Some(icons::picture(tray.face, dark)?))?;
        icon.set_tooltip(Some(&tray.tooltip))?;
    }
    *shown = Some((tray, dark));
    Ok(())
}

fn menu(app: &AppHandle, entries: &[Entry]) -> tauri::Result<Menu<tauri::Wry>> {
    let menu = Menu::new(app)?;
    for entry in entries {
        match entry {
            Entry::State(text) => {
                menu.append(&MenuItem::with_id(app, "state", text, false, None::<&str>)?)?
            }
            Entry::Item(order, text) => {
                menu.append(&MenuItem::with_id(app, order.name(), text, true, None::<&str>)?)?;
            }
            Entry::Separator => menu.append(&PredefinedMenuItem::separator(app)?)?,
        }
    }
    Ok(menu)
}

/// Opens the window, or brings the open one to the front; at a place, where one is named.
///
/// # Errors
/// Its process cannot be started.
pub fn open_window(app: &AppHandle, at: Option<&str>) -> anyhow::Result<()> {
    let kept = app.state::<Kept>();
    let at = at.filter(|at| crate::pages::is_place(at));
    let mut window = kept.window.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(input) = window.as_mut() {
        let line = format!("show {}\n", at.unwrap_or_default());
        if input.write_all(line.as_bytes()).and_then(|()| input.flush()).is_ok() {
            return Ok(());
        }
    }
    let program = std::env::current_exe().context("the program does not know its own path")?;
    let mut command = Command::new(program);
    command.args(["--window", "--follow"]);
    // Else it would have to start itself once more.
    #[cfg(target_os = "linux")]
    if std::env::var_os(window::NO_DMABUF).is_none() {
        command.env(window::NO_DMABUF, "1");
    }
    for (name, value) in [("--config", &kept.arguments.config), ("--data-dir", &kept.arguments.data_dir)] {
        if let Some(value) = value {
            command.arg(name).arg(value);
        }
    }
    if let Some(at) = at {
        command.args(["--at", at]);
    }
    // The window ends when its standard input does, so it never outlives the tray.
    let mut child =
        command.stdin(Stdio::piped()).spawn().context("the window's process could not be started")?;
    *window = child.stdin.take();
    let app = app.clone();
    std::thread::Builder::new()
        .name("window".into())
        .spawn(move || {
            let ended = child.wait();
            if ended.is_ok_and(|status| status.code() == Some(window::QUIT)) {
                quit(&app);
            }
        })
        .context("the window's process could not be watched")?;
    Ok(())
}

/// A window that did not open must not take the tray with it.
pub fn report(result: anyhow::Result<()>) {
    if let Err(error) = result {
        complain(&error);
    }
}
