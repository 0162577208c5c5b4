//! What runs can avoid for ever: searches the graph of configurations for runs that never meet a
//! goal, given that timers fire.
//!
//! A run avoids a goal if it ends (the machine is finished), if it waits where no timer is pending
//! and no event need ever come, or if it goes round in configurations without the goal, and no
//! timer is pending all the way round: such a timer would have fired. The last are found among the
//! strongly connected components (R. Tarjan, "Depth-first search and linear graph algorithms",
//! 1972); a timer that is never interrupted in a whole component is not interrupted in any part.

use super::space::Space;
use std::collections::VecDeque;

/// A run that avoids the goal: nodes from the first, and where it goes round, if it does not end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Avoidance {
    /// From the root of the graph to the end, or once round.
    pub(super) nodes: Vec<u32>,
    /// The place in `nodes` to which the last one goes back.
    pub(super) back: Option<usize>,
}

/// The shortest run that is at `from` and then never meets `goal`.
pub(super) fn avoids(
    space: &Space,
    from: &dyn Fn(usize) -> bool,
    goal: &dyn Fn(usize) -> bool,
) -> Option<Avoidance> {
    let count = space.nodes.len();
    let open = |node: usize| !goal(node);
    let components = components(space, &open);
    let fair = fair(space, &components);
    let ends = |node: usize| {
        let state = &space.nodes[node];
        state.finished || state.quiet || fair[components[node] as usize]
    };
    // Breadth first, from the nodes in order: they were found breadth first themselves.
    let mut parent = vec![u32::MAX; count];
    let mut depth = vec![u32::MAX; count];
    let mut best: Option<(u32, usize)> = None;
    let distance = distances(space);
    let mut starts: Vec<usize> = (0..count).filter(|n| from(*n) && open(*n)).collect();
    starts.sort_by_key(|node| distance[*node]);
    let mut queue: VecDeque<usize> = VecDeque::new();
    let mut next = starts.into_iter().peekable();
    loop {
        // Whichever is nearer to the root: the next start, or the next of those that wait.
        let waits = queue.front().map(|node| depth[*node]);
        let starts_now = next.peek().is_some_and(|n| waits.is_none_or(|w| distance[*n] <= w));
        let node = match if starts_now { next.next() } else { queue.pop_front() } {
            None => break,
            Some(node) if starts_now && depth[node] != u32::MAX => continue,
            Some(node) => node,
        };
        if starts_now {
            depth[node] = distance[node];
            parent[node] = node as u32;
        }
        if ends(node) {
            best = Some((depth[node], node));
            break;
        }
        for edge in space.edges_of(node) {
            let to = edge.to as usize;
            if open(to) && depth[to] == u32::MAX {
                depth[to] = depth[node] + 1;
                parent[to] = node as u32;
                queue.push_back(to);
            }
        }
    }
    let (_, last) = best?;
    let mut nodes = vec![last as u32];
    let mut node = last;
    while parent[node] != node as u32 {
        node = parent[node] as usize;
        nodes.push(node as u32);
    }
    nodes.extend(to_root(space, node as u32).into_iter().skip(1));
    nodes.reverse();
    let state = &space.nodes[last];
    if state.finished || state.quiet {
        return Some(Avoidance { nodes, back: None });
    }
    let back = nodes.len() - 1;
    nodes.extend(round(space, &components, last));
    Some(Avoidance { nodes, back: Some(back) })
}

/// The nodes from one to the root, on the way on which it was found.
pub(super) fn to_root(space: &Space, node: u32) -> Vec<u32> {
    let before = |node: &u32| {
        let from = space.nodes[*node as usize].way.from;
        (from != super::space::NOWHERE).then_some(from)
    };
    std::iter::successors(Some(node), before).collect()
}

/// How many moves each node is away from the start.
fn distances(space: &Space) -> Vec<u32> {
    let mut distance = Vec::with_capacity(space.nodes.len());
    for node in &space.nodes {
        let before = distance.get(node.way.from as usize).copied();
        distance.push(before.map_or(0, |d: u32| d + 1));
    }
    distance
}

/// For each node its component among the open nodes; the others are alone.
fn components(space: &Space, open: &dyn Fn(usize) -> bool) -> Vec<u32> {
    let count = space.nodes.len();
    let (mut order, mut low) = (vec![u32::MAX; count], vec![0u32; count]);
    let mut component = vec![u32::MAX; count];
    let (mut stack, mut clock, mut found) = (Vec::new(), 0u32, 0u32);
    for root in 0..count {
        if order[root] != u32::MAX {
            continue;
        }
        // A node and how many of its edges have been followed.
        let mut way: Vec<(usize, usize)> = vec![(root, 0)];
        while let Some((node, done)) = way.last_mut() {
            let node = *node;
            if *done == 0 {
                (order[node], low[node]) = (clock, clock);
                clock += 1;
                stack.push(node);
            }
            let edges = if open(node) { space.edges_of(node) } else { &[] };
            let Some(edge) = edges.get(*done) else {
                way.pop();
                if let Some((around, _)) = way.last() {
                    low[*around] = low[*around].min(low[node]);
                }
                if low[node] == order[node] {
                    while let Some(member) = stack.pop() {
                        component[member] = found;
                        if member == node {
                            break;
                        }
                    }
                    found += 1;
                }
                continue;
            };
            *done += 1;
            let to = edge.to as usize;
            if !open(to) {
                continue;
            }
            if order[to] == u32::MAX {
                way.push((to, 0));
            } else if component[to] == u32::MAX {
                low[node] = low[node].min(order[to]);
            }
        }
    }
    component
}

/// For each component whether a run can stay in it for ever.
fn fair(space: &Space, components: &[u32]) -> Vec<bool> {
    let count = components.iter().max().map_or(0, |last| *last as usize + 1);
    // The timers that run on along all edges inside; without any edge nothing can stay.
    let mut running: Vec<Option<u64>> = vec![None; count];
    for (node, component) in components.iter().enumerate() {
        for edge in space.edges_of(node) {
            if components[edge.to as usize] == *component {
                let all = running[*component as usize].unwrap_or(u64::MAX);
                running[*component as usize] = Some(all & edge.running);
            }
        }
    }
    running.into_iter().map(|running| running == Some(0)).collect()
}

/// A way round a component that interrupts every timer, back to where it begins.
fn round(space: &Space, components: &[u32], start: usize) -> Vec<u32> {
    let inside = |node: usize| components[node] == components[start];
    let mut way = Vec::new();
    let mut at = start;
    let mut running = u64::MAX;
    while running != 0 {
        let Some((nodes, kept)) = nearest(space, at, &inside, &|_, edge| edge & running != running)
        else {
            break;
        };
        running &= kept;
        at = nodes.last().map_or(at, |last| *last as usize);
        way.extend(nodes);
    }
    if at != start || way.is_empty() {
        let back = nearest(space, at, &inside, &|to, _| to == start);
        way.extend(back.map(|(nodes, _)| nodes).unwrap_or_default());
    }
    way
}

/// The shortest way over an edge that is wanted, without its first node, and the timers that run on
/// all the way.
fn nearest(
    space: &Space,
    from: usize,
    inside: &dyn Fn(usize) -> bool,
    wanted: &dyn Fn(usize, u64) -> bool,
) -> Option<(Vec<u32>, u64)> {
    let mut parent = std::collections::BTreeMap::from([(from, (from, u64::MAX))]);
    let mut queue = VecDeque::from([from]);
    while let Some(node) = queue.pop_front() {
        for edge in space.edges_of(node) {
            let to = edge.to as usize;
            if !inside(to) {
                continue;
            }
            if wanted(to, edge.running) {
                let (mut way, mut running, mut at) = (vec![edge.to], edge.running, node);
                while at != from {
                    way.push(at as u32);
                    let (before, kept) = parent[&at];
                    running &= kept;
                    at = before;
                }
                way.reverse();
                return Some((way, running));
            }
            parent.entry(to).or_insert_with(|| {
                queue.push_back(to);
                (node, edge.running)
            });
        }
    }
    None
}

/// True for each node from which some node that is wanted can be reached.
pub(super) fn reach(space: &Space, wanted: &dyn Fn(usize) -> bool) -> Vec<bool> {
    let count = space.nodes.len();
    let mut before: Vec<Vec<u32>> = vec![Vec::new(); count];
    for node in 0..count {
        for edge in space.edges_of(node) {
            before[edge.to as usize].push(node as u32);
        }
    }
    let mut reach: Vec<bool> = (0..count).map(wanted).collect();
    let mut open: Vec<usize> = (0..count).filter(|node| reach[*node]).collect();
    while let Some(node) = open.pop() {
        for from in &before[node] {
            if !std::mem::replace(&mut reach[*from as usize], true) {
                open.push(*from as usize);
            }
        }
    }
    reach
}
