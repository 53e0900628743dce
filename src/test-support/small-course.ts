import type { Course } from '../course/lesson.ts';
import { parseCourse } from '../course/parse-course.ts';
import { vocabularyOf } from '../course/vocabulary.ts';
import { labOfTheTalk } from './lab-of-the-talk.ts';

const cable = `---
id: 01-cable
title: A cable
minutes: 5
stages: []
---

# A cable

Two boxes and a cable.

## Build it

First the network.

\`\`\`watch
topology
build
\`\`\`

\`\`\`stage
network
\`\`\`

\`\`\`check within=10s
- stage.done: {stage: network}
  hint: Build the stage network.
\`\`\`

\`\`\`hint
Press Enter.
\`\`\`

\`\`\`hint
Really, press Enter.
\`\`\`

## Say hello

\`\`\`run
echo hello
\`\`\`

## Cut it

\`\`\`predict
question: How many requests are lost?
kind: number
unit: requests
answer-from: {measure: requests-lost}
\`\`\`

\`\`\`watch
timeline
\`\`\`

\`\`\`break
link-cut LEAF-DC-1 SPINE-DC-1
\`\`\`

\`\`\`check within=10s
- fault.active: {fault: link-cut LEAF-DC-1 SPINE-DC-1}
  hint: Cut the link.
\`\`\`

\`\`\`hint
Answer, then press Enter.
\`\`\`

## Mend it

\`\`\`heal
all
\`\`\`

\`\`\`check within=10s
- fault.none:
  hint: Heal it.
\`\`\`

\`\`\`hint
Press Enter.
\`\`\`
`;

const fabric = `---
id: 02-fabric
title: The fabric
minutes: 5
stages: [network, fabric]
---

# The fabric

## Look at it

\`\`\`run
echo fabric
\`\`\`

\`\`\`watch
sessions LEAF-DC-1
routes BORDER-DC kube-ipvrf
\`\`\`
`;

/** The lessons of `smallCourse` as files. */
export const smallCourseFiles = [
  { file: 'lessons/01-cable/lesson.md', text: cable },
  { file: 'lessons/02-fabric/lesson.md', text: fabric },
];

/** Two short lessons on the talk's lab that any engine can play: enough for whoever only needs to move through lessons. */
export const smallCourse: Course = readSmallCourse();

function readSmallCourse(): Course {
  const { course, errors } = parseCourse(smallCourseFiles, vocabularyOf(labOfTheTalk));
  if (errors.length > 0) throw new Error(JSON.stringify(errors, undefined, 2));
  return course;
}
