//! The window, in a process of its own.

use std::io::BufRead as _;

use anyhow::Context as _;
use tauri::{AppHandle, Manager as _, WebviewUrl, WebviewWindowBuilder};

/// Shows the window until it is closed or the tray's process ends.
///
/// # Errors
/// There is no display, or no web view could be made.
pub fn run() -> anyhow::Result<()> {
    without_dmabuf()?;
    tauri::Builder::default()
        .setup(|app| {
            WebviewWindowBuilder::new(app, "main", WebviewUrl::App("index.html".into()))
                .title("Neversent")
                .inner_size(960.0, 640.0)
                .min_inner_size(480.0, 320.0)
                .build()?;
            let app = app.handle().clone();
            std::thread::Builder::new().name("tray".into()).spawn(move || follow_the_tray(&app))?;
            Ok(())
        })
        .run(tauri::generate_context!())
        .context("the window could not be opened: is there a graphical session?")
}

/// Each line on standard input asks to come to the front; its end means that the tray is gone.
fn follow_the_tray(app: &AppHandle) {
    for line in std::io::stdin().lock().lines() {
        if line.is_err() {
            break;
        }
        if let Some(window) = app.get_webview_window("main") {
            let _ = window.unminimize();
            let _ = window.set_focus();
        }
    }
    app.exit(0);
}

/// `WebKitGTK`'s DMA-BUF renderer shows an empty window or crashes on NVIDIA with Wayland (tauri#10702,
/// `WebKitGTK` 2.50). The variable is read when GTK starts, and setting one's own environment is unsafe
/// in a program with threads: so the program starts itself again with it. What the user has set stays.
#[cfg(target_os = "linux")]
fn without_dmabuf() -> anyhow::Result<()> {
    use std::os::unix::process::CommandExt as _;

    const VARIABLE: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    if std::env::var_os(VARIABLE).is_some() {
        return Ok(());
    }
    let program = std::env::current_exe().context("the program does not know its own path")?;
    let error =
        std::process::Command::new(program).args(std::env::args_os().skip(1)).env(VARIABLE, "1").exec();
    Err(error).context("the window's process could not be started again")
}

#[cfg(not(target_os = "linux"))]
fn without_dmabuf() -> anyhow::Result<()> {
    Ok(())
}
