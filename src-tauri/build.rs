//! Compiles the window's configuration, capabilities and front end into the program.

/// What the window may ask of the program; `capabilities/main.json` lets it.
const COMMANDS: [&str; 9] = [
    "ask",
    "subscribe",
    "unsubscribe",
    "open_page",
    "choose_new_file",
    "keep_text",
    "autostart",
    "set_autostart",
    "quit",
];

fn main() -> anyhow::Result<()> {
    let manifest = tauri_build::AppManifest::new().commands(&COMMANDS);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest))
}
