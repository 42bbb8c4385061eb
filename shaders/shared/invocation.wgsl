// Where a thread stands. Groups are numbered through over x and y, because a dimension ends at 65,535 groups.

struct Invocation {
  @builtin(workgroup_id) group : vec3u,
  @builtin(num_workgroups) groups : vec3u,
  @builtin(local_invocation_id) local : vec3u,
  @builtin(local_invocation_index) thread : u32,
}

// The number of the thread's group.
fn groupOf(invocation : Invocation) -> u32 {
  return invocation.group.y * invocation.groups.x + invocation.group.x;
}

// The number of the thread among those of all groups, each of so many threads.
fn elementOf(invocation : Invocation, threads : u32) -> u32 {
  return groupOf(invocation) * threads + invocation.thread;
}
