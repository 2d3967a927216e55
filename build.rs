//! Reads the rules in `rules/` and writes them as JSON, which a program reads in a third of the time of
//! TOML, and reads at each start. Whether they are rules, the tests say.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use walkdir::WalkDir;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=rules");
    let out = env::var("OUT_DIR")?;
    for entry in WalkDir::new("rules") {
        let path = entry?.into_path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let rule: toml::Table = toml::from_str(&fs::read_to_string(&path)?)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        let json = Path::new(&out).join(&path).with_extension("json");
        fs::create_dir_all(json.parent().unwrap_or(&json))?;
        fs::write(json, serde_json::to_string(&rule)?)?;
    }
    Ok(())
}
