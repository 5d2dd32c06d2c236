//! The tray's pictures, for dark panels and for light ones.

use agent::desktop::Face;
use tauri::image::Image;

macro_rules! pictures {
    ($face:expr, $dark:expr; $($name:ident: $word:literal),+) => {
        match ($face, $dark) {
            $(
                (Face::$name, true) => include_bytes!(concat!("../icons/tray/", $word, "-light.png")).as_slice(),
                (Face::$name, false) => include_bytes!(concat!("../icons/tray/", $word, "-dark.png")).as_slice(),
            )+
        }
    };
}

/// The picture of a face; `dark`: the panel is dark.
///
/// # Errors
/// It cannot be read.
pub fn picture(face: Face, dark: bool) -> tauri::Result<Image<'static>> {
    let bytes = pictures!(face, dark;
        Alarm: "alarm",
        NeedsYou: "needs-you",
        Stopped: "stopped",
        Waiting: "waiting",
        Paused: "paused",
        Working: "working",
        Watching: "watching",
        NoAccount: "no-account"
    );
    Image::from_bytes(bytes)
}
