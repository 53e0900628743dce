/** Something due at a moment. `background` work (keepalives, hold timers) does not keep the lab busy. */
export type Task = {
  readonly at: number;
  readonly sequence: number;
  readonly background: boolean;
  /** The event that led to it. */
  readonly cause: number | undefined;
  run: (() => void) | undefined;
};

/** What is due, in order of (time, sequence): a binary heap. Cancelled tasks stay in the heap and are skipped. */
export class Queue {
  private readonly heap: Task[] = [];
  private sequence = 0;
  private foreground = 0;
  private cancelled = 0;

  /** Tasks not cancelled that keep the lab busy. */
  get pendingForeground(): number {
    return this.foreground;
  }

  get size(): number {
    return this.heap.length - this.cancelled;
  }

  add(at: number, run: () => void, background: boolean, cause: number | undefined): Task {
    const task: Task = { at, sequence: this.sequence++, background, cause, run };
    if (!background) this.foreground++;
    this.heap.push(task);
    this.siftUp(this.heap.length - 1);
    return task;
  }

  /** Idempotent: cancelling a task that ran or was cancelled does nothing. */
  cancel(task: Task | undefined): void {
    if (task?.run === undefined) return;
    task.run = undefined;
    this.cancelled++;
    if (!task.background) this.foreground--;
    if (this.cancelled > 64 && this.cancelled * 2 > this.heap.length) this.sweep();
  }

  /** When the next task is due. */
  nextAt(): number | undefined {
    this.dropCancelled();
    return this.heap[0]?.at;
  }

  /** Takes the next task out and hands over its work. */
  take(): { readonly task: Task; readonly run: () => void } | undefined {
    this.dropCancelled();
    const task = this.pop();
    const run = task?.run;
    if (task === undefined || run === undefined) return undefined;
    task.run = undefined;
    if (!task.background) this.foreground--;
    return { task, run };
  }

  private dropCancelled(): void {
    while (this.heap[0] !== undefined && this.heap[0].run === undefined) {
      this.pop();
      this.cancelled--;
    }
  }

  private sweep(): void {
    const live = this.heap.filter(task => task.run !== undefined);
    this.heap.length = 0;
    for (const task of live.sort(byTimeThenSequence)) this.heap.push(task);
    this.cancelled = 0;
  }

  private pop(): Task | undefined {
    const heap = this.heap;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let index = 0;
    for (;;) {
      let child = index * 2 + 1;
      const left = heap[child];
      if (left === undefined) break;
      const right = heap[child + 1];
      let smaller = left;
      if (right !== undefined && byTimeThenSequence(right, left) < 0) {
        smaller = right;
        child++;
      }
      if (byTimeThenSequence(last, smaller) <= 0) break;
      heap[index] = smaller;
      index = child;
    }
    heap[index] = last;
    return top;
  }

  private siftUp(index: number): void {
    const heap = this.heap;
    const task = heap[index];
    if (task === undefined) return;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || byTimeThenSequence(above, task) <= 0) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = task;
  }
}

function byTimeThenSequence(a: Task, b: Task): number {
  return a.at - b.at || a.sequence - b.sequence;
}
