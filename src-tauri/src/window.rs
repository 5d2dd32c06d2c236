//! The window, in a process of its own.

use std::io::BufRead as _;

use anyhow::Context as _;
use tauri::{AppHandle, Manager as _, WebviewUrl, WebviewWindowBuilder, Wry, plugin::TauriPlugin};

use crate::{Arguments, commands, pages};

/// The exit status by which the window says that the whole program is to end.
pub const QUIT: i32 = 3;

/// The name of the only window.
const WINDOW: &str = "main";

/// Whether and how the program starts with the desktop.
pub fn autostart() -> TauriPlugin<Wry> {
    tauri_plugin_autostart::Builder::new().app_name("Neversent").arg("--autostarted").build()
}

/// Shows the window until it is closed or the tray's process ends.
///
/// # Errors
/// There is no display, or no web view could be made.
pub fn run(arguments: &Arguments) -> anyhow::Result<()> {
    without_dmabuf()?;
    let (paths, at, follow) = (arguments.paths()?, arguments.at.clone(), arguments.follow);
    tauri::Builder::default()
        .plugin(autostart())
        .plugin(tauri_plugin_dialog::init())
        .manage(paths)
        .manage(commands::Listener::default())
        .invoke_handler(tauri::generate_handler![
            commands::ask,
            commands::subscribe,
            commands::unsubscribe,
            commands::open_page,
            commands::choose_new_file,
            commands::keep_text,
            commands::autostart,
            commands::set_autostart,
            commands::quit,
        ])
        .setup(move |app| {
            let at = at.as_deref().filter(|at| pages::is_place(at)).unwrap_or_default();
            WebviewWindowBuilder::new(app, WINDOW, WebviewUrl::App(format!("index.html{at}").into()))
                .title("Neversent")
                .inner_size(1_100.0, 740.0)
                .min_inner_size(320.0, 320.0)
                // The page names the view that is open.
                .on_document_title_changed(|window, title| {
                    let _ = window.set_title(if title.is_empty() { "Neversent" } else { &title });
                })
                .build()?;
            if follow {
                let app = app.handle().clone();
                std::thread::Builder::new().name("tray".into()).spawn(move || follow_the_tray(&app))?;
            }
            Ok(())
        })
        .run(tauri::generate_context!())
        .context("the window could not be opened: is there a graphical session?")
}

/// Each line on standard input asks to come to the front, at a place where it names one; its end means that the tray is gone.
fn follow_the_tray(app: &AppHandle) {
    for line in std::io::stdin().lock().lines() {
        let Ok(line) = line else { break };
        let Some(window) = app.get_webview_window(WINDOW) else { continue };
        let _ = window.unminimize();
        let _ = window.set_focus();
        let at = line.split(' ').nth(1).filter(|at| pages::is_place(at));
        if let Some(at) = at {
            // Letters, digits and a few signs: nothing that could end the text.
            let _ = window.eval(format!("location.hash = '{at}'"));
        }
    }
    app.exit(0);
}

/// Switches a renderer of `WebKitGTK`'s off.
#[cfg(target_os = "linux")]
pub const NO_DMABUF: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

/// `WebKitGTK`'s DMA-BUF renderer shows an empty window or crashes on NVIDIA with Wayland (tauri#10702,
/// `WebKitGTK` 2.50). The variable is read when GTK starts, and setting one's own environment is unsafe
/// in a program with threads: so the program starts itself again with it. What the user has set stays.
#[cfg(target_os = "linux")]
fn without_dmabuf() -> anyhow::Result<()> {
    use std::os::unix::process::CommandExt as _;

    if std::env::var_os(NO_DMABUF).is_some() {
        return Ok(());
    }
    let program = std::env::current_exe().context("the program does not know its own path")?;
    let error =
        std::process::Command::new(program).args(std::env::args_os().skip(1)).env(NO_DMABUF, "1").exec();
    Err(error).context("the window's process could not be started again")
}

#[cfg(not(target_os = "linux"))]
fn without_dmabuf() -> anyhow::Result<()> {
    Ok(())
}
