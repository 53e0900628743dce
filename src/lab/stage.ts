/** A stage id: "network", "fabric", "clusters", "images", "links", "resources", or a resource's own `stage:` name. */
export type StageId = string;

/** A stage as the lab files imply it, before anything runs. */
export type StagePlan = {
  readonly id: StageId;
  readonly title: string;
  /** Stages that must be done first. */
  readonly needs: readonly StageId[];
  readonly tasks: readonly TaskPlan[];
};

/** One command of a stage, as the real lab runs it. */
export type TaskPlan = {
  readonly id: string;
  readonly title: string;
  /** What a person would type for it. */
  readonly commandLine: string;
  /** The same for an engine. */
  readonly action: TaskAction;
};

export type TaskAction =
  | { readonly type: 'create-network' }
  /** All containers and fabric links of the topology. */
  | { readonly type: 'deploy-fabric' }
  | { readonly type: 'create-cluster'; readonly cluster: string }
  | { readonly type: 'load-image'; readonly cluster: string; readonly image: string }
  /** Plugs in one link of role 'join' and configures the cluster node's end (its Attachment). */
  | { readonly type: 'join'; readonly link: string }
  /** `file` is the LabResource's. */
  | { readonly type: 'apply'; readonly cluster: string; readonly file: string };

export type Progress = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';

export type StageState = {
  readonly id: StageId;
  readonly title: string;
  readonly progress: Progress;
  /** Lab time in milliseconds. */
  readonly startedAt?: number;
  readonly finishedAt?: number;
  readonly tasks: readonly TaskState[];
  /** What this stage takes in the real lab, in words ("2–5 min"), where the engine compresses it. */
  readonly realDuration?: string;
  readonly failure?: string;
};

export type TaskState = {
  readonly id: string;
  readonly title: string;
  readonly commandLine: string;
  readonly progress: Progress;
  readonly startedAt?: number;
  readonly finishedAt?: number;
  /** The last line that a program of it said, where programs work for long. */
  readonly said?: string;
};

/** The stage and everything it needs, in an order that respects `needs`; undefined for an unknown stage. */
export function stagesUpTo(plans: readonly StagePlan[], id: StageId): StageId[] | undefined {
  const byId = new Map(plans.map(plan => [plan.id, plan]));
  if (!byId.has(id)) return undefined;
  const wanted = new Set<StageId>();
  const visit = (next: StageId) => {
    if (wanted.has(next)) return;
    wanted.add(next);
    for (const need of byId.get(next)?.needs ?? []) visit(need);
  };
  visit(id);
  return plans.filter(plan => wanted.has(plan.id)).map(plan => plan.id);
}
