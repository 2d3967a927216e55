//! Names of places in JSON documents, each kept once.
//!
//! The table is a tree: a node is a key, or "the elements", under another node. Records of a file
//! have the same keys in the same order, so each node remembers which key came after it the last
//! time, and a look-up is mostly one comparison.
//!
//! How many nodes a record can use is bounded: beyond that, a key that is new in the record is
//! called `*`, and beyond twice that everything is at `$..*`. This depends on the record alone. In one
//! that is cut, each part has that many, but what comes in an object of many entries behind the cut is
//! called `*` at once.

use std::collections::HashMap;
use std::fmt::Write;
use std::hash::{BuildHasher, RandomState};

use super::super::cell::{FieldIx, unescape_json};

/// Nodes with a name of their own that one record can use; also what the table may hold when a
/// chunk starts.
pub(super) const MAX_NODES: usize = 8192;

/// Entries of an object before a cut from which on those behind it have no name of their own.
pub(super) const MANY_ENTRIES: usize = MAX_NODES / 8;

/// Characters of a key that are shown in a path.
const MAX_KEY_SHOWN: usize = 128;

/// A node of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct NodeIx(u32);

impl NodeIx {
    pub(super) const NONE: Self = Self(u32::MAX);
    /// `$`.
    pub(super) const ROOT: Self = Self(0);
    /// `$..*`: what is over the limit.
    const OVERFLOW: Self = Self(1);

    pub(super) fn field(self) -> FieldIx {
        FieldIx(self.0)
    }
}

/// What a node is to its parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Step {
    Root,
    /// A key, with the raw bytes of the string as its name.
    Key,
    /// `[*]`.
    Element,
    /// `.*~`: the keys themselves.
    Keys,
    /// `.*`: keys over the limit.
    Any,
}

struct Node {
    parent: NodeIx,
    step: Step,
    /// Range in [`PathTable::names`].
    name: (usize, usize),
    /// Whether the name may be data rather than a name.
    is_data: bool,
    /// The node is `*`, or below one.
    is_wild: bool,
    /// The record that last used it.
    used_by: u64,
    /// The child that came first in its parent the last time.
    first: NodeIx,
    /// The sibling that came after it the last time.
    next: NodeIx,
    /// The next node with the same hash.
    same_hash: NodeIx,
}

/// All nodes met so far.
pub(in crate::format::text) struct PathTable {
    nodes: Vec<Node>,
    names: Vec<u8>,
    by_hash: HashMap<u64, NodeIx>,
    hasher: RandomState,
    /// Number of the record that is being read, over the life of the table.
    record: u64,
    /// Nodes that the record used so far.
    used: usize,
    epoch: u64,
}

impl Default for PathTable {
    fn default() -> Self {
        let mut table = Self {
            nodes: Vec::new(),
            names: Vec::new(),
            by_hash: HashMap::new(),
            hasher: RandomState::new(),
            record: 0,
            used: 0,
            epoch: 0,
        };
        table.clear();
        table
    }
}

impl PathTable {
    pub(in crate::format::text) fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Empties the table if it is too large. Every [`FieldIx`] given out before is void then.
    pub(in crate::format::text) fn trim(&mut self) {
        if self.nodes.len() > MAX_NODES {
            self.clear();
            self.epoch += 1;
        }
    }

    fn clear(&mut self) {
        self.nodes.clear();
        self.names.clear();
        self.by_hash.clear();
        for _ in [NodeIx::ROOT, NodeIx::OVERFLOW] {
            self.nodes.push(Node {
                parent: NodeIx::NONE,
                step: Step::Root,
                name: (0, 0),
                is_data: false,
                is_wild: false,
                used_by: 0,
                first: NodeIx::NONE,
                next: NodeIx::NONE,
                same_hash: NodeIx::NONE,
            });
        }
    }

    pub(super) fn start_record(&mut self) {
        self.record += 1;
        self.used = 0;
    }

    /// Whether the key may be data: it is no plain word, such as an address or an identifier with
    /// digits.
    pub(super) fn is_data(&self, key: NodeIx) -> bool {
        self.node(key).is_data || matches!(self.node(key).step, Step::Any | Step::Root)
    }

    /// The node for `step` under `parent`. `name` is for keys; `before` is the key before it in the
    /// same object, if there is one.
    pub(super) fn child(
        &mut self,
        parent: NodeIx,
        before: NodeIx,
        step: Step,
        name: &[u8],
    ) -> NodeIx {
        let guess =
            if before == NodeIx::NONE { self.node(parent).first } else { self.node(before).next };
        let guess = Some(guess)
            .filter(|guess| *guess != NodeIx::NONE && self.is(*guess, parent, step, name));
        if let Some(node) = guess.filter(|node| self.node(*node).used_by == self.record) {
            return node;
        }
        let node = self.admit(guess, parent, step, name);
        if before == NodeIx::NONE {
            self.node_mut(parent).first = node;
        } else {
            self.node_mut(before).next = node;
        }
        node
    }

    /// The node for an entry of `object`, which has no name of its own where that is wide.
    pub(super) fn entry(
        &mut self,
        object: NodeIx,
        before: NodeIx,
        name: &[u8],
        is_wide: bool,
    ) -> NodeIx {
        match is_wide {
            true => self.child(object, before, Step::Any, b""),
            false => self.child(object, before, Step::Key, name),
        }
    }

    /// The node for the keys of the object `parent`.
    pub(super) fn keys_of(&mut self, parent: NodeIx) -> NodeIx {
        self.admit(None, parent, Step::Keys, b"")
    }

    /// The node for `step` under `parent`, which is `known` already or not, if the record may use
    /// one more; otherwise the one that stands for it.
    fn admit(&mut self, known: Option<NodeIx>, parent: NodeIx, step: Step, name: &[u8]) -> NodeIx {
        if parent == NodeIx::OVERFLOW {
            return parent;
        }
        // What was guessed needs no look-up, and that is nearly every key.
        let hash = |table: &Self| table.hasher.hash_one((parent, step, name));
        let known = known.or_else(|| self.find(hash(self), parent, step, name));
        if let Some(node) = known.filter(|node| self.node(*node).used_by == self.record) {
            return node;
        }
        let is_wild = step == Step::Any || self.node(parent).is_wild;
        if self.used >= if is_wild { 2 * MAX_NODES } else { MAX_NODES } {
            let stands_for_it = (!is_wild).then_some(Step::Any);
            return stands_for_it
                .map_or(NodeIx::OVERFLOW, |any| self.admit(None, parent, any, b""));
        }
        let node = known.unwrap_or_else(|| self.insert(hash(self), parent, step, name, is_wild));
        self.used += 1;
        self.nodes[node.0 as usize].used_by = self.record;
        node
    }

    fn find(&self, hash: u64, parent: NodeIx, step: Step, name: &[u8]) -> Option<NodeIx> {
        let mut node = *self.by_hash.get(&hash)?;
        while !self.is(node, parent, step, name) {
            node = self.node(node).same_hash;
            if node == NodeIx::NONE {
                return None;
            }
        }
        Some(node)
    }

    fn insert(
        &mut self,
        hash: u64,
        parent: NodeIx,
        step: Step,
        name: &[u8],
        is_wild: bool,
    ) -> NodeIx {
        // A node takes a byte of a chunk at least, and a chunk is not that long.
        let node = NodeIx(u32::try_from(self.nodes.len()).unwrap_or(NodeIx::OVERFLOW.0));
        let start = self.names.len();
        self.names.extend_from_slice(name);
        let same_hash = self.by_hash.insert(hash, node).unwrap_or(NodeIx::NONE);
        self.nodes.push(Node {
            parent,
            step,
            name: (start, self.names.len()),
            is_data: step == Step::Key && !is_plain_word(name),
            is_wild,
            used_by: 0,
            first: NodeIx::NONE,
            next: NodeIx::NONE,
            same_hash,
        });
        node
    }

    fn is(&self, node: NodeIx, parent: NodeIx, step: Step, name: &[u8]) -> bool {
        let node = self.node(node);
        node.parent == parent && node.step == step && self.names[node.name.0..node.name.1] == *name
    }

    fn node(&self, node: NodeIx) -> &Node {
        &self.nodes[node.0 as usize]
    }

    fn node_mut(&mut self, node: NodeIx) -> &mut Node {
        &mut self.nodes[node.0 as usize]
    }

    /// `$.user.emails[*]`, `$['a.b']`; none for a field that is not of this table.
    pub(in crate::format::text) fn path(&self, field: FieldIx) -> Option<String> {
        let mut way = Vec::new();
        let mut at = self.nodes.get(field.0 as usize).map(|_| NodeIx(field.0))?;
        if at == NodeIx::OVERFLOW {
            return Some("$..*".to_owned());
        }
        while at != NodeIx::ROOT {
            way.push(at);
            at = self.node(at).parent;
        }
        let mut path = "$".to_owned();
        for node in way.into_iter().rev().map(|node| self.node(node)) {
            match node.step {
                Step::Root => {}
                Step::Key => push_key(&self.names[node.name.0..node.name.1], &mut path),
                Step::Element => path.push_str("[*]"),
                Step::Keys => path.push_str(".*~"),
                Step::Any => path.push_str(".*"),
            }
        }
        Some(path)
    }
}

/// Letters, `_`, `$` only, with no digit: a word that a program has for a name.
fn is_plain_word(name: &[u8]) -> bool {
    !name.is_empty() && name.iter().all(|byte| byte.is_ascii_alphabetic() || b"_$".contains(byte))
}

/// Appends one key, in brackets unless it is an identifier.
fn push_key(raw: &[u8], path: &mut String) {
    let name = unescape_json(raw);
    let name = String::from_utf8_lossy(&name);
    let is_start = |character: char| character.is_alphabetic() || matches!(character, '_' | '$');
    let is_identifier = name.starts_with(is_start)
        && name.chars().all(|character| is_start(character) || character.is_numeric());
    let cut = name.char_indices().nth(MAX_KEY_SHOWN).map(|(at, _)| at);
    let shown = &name[..cut.unwrap_or(name.len())];
    let ellipsis = if cut.is_some() { "…" } else { "" };
    if is_identifier {
        let _ = write!(path, ".{shown}{ellipsis}");
        return;
    }
    path.push_str("['");
    for character in shown.chars() {
        match character {
            '\'' | '\\' => path.extend(['\\', character]),
            _ if character.is_control() => path.extend(character.escape_unicode()),
            _ => path.push(character),
        }
    }
    path.push_str(ellipsis);
    path.push_str("']");
}
