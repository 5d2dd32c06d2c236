//! Compiles the window's configuration, capabilities and front end into the program.

fn main() {
    tauri_build::build();
}
