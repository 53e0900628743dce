import { describe, expect, it } from 'vitest';
import { goTemplate } from './go-template.ts';

const data = {
  Name: '/leaf',
  State: { Status: 'running', Pid: 7 },
  Networks: { kind: { IPAddress: '172.18.0.2' }, lab: { IPAddress: '10.0.0.2' } },
  Labels: { 'a.b/c': 'x' },
  Args: ['a', 'b'],
};

describe('a Go template', () => {
  it.each([
    ['{{.Name}} is {{ .State.Status }}', '/leaf is running'],
    ['{{range .Networks}}{{.IPAddress}} {{end}}', '172.18.0.2 10.0.0.2 '],
    [
      '{{range $name, $net := .Networks}}{{$name}}={{$net.IPAddress}};{{end}}',
      'kind=172.18.0.2;lab=10.0.0.2;',
    ],
    ['{{json .State}}', '{"Status":"running","Pid":7}'],
    ['{{.Args | json}}', '["a","b"]'],
    ['{{index .Labels "a.b/c"}} {{index .Args 1}}', 'x b'],
    ['{{if .Args}}some{{else}}none{{end}} {{len .Args}} {{join .Args ","}}', 'some 2 a,b'],
    ['{{.Args}} {{.State}}', '[a b] map[Pid:7 Status:running]'],
    ['{{if eq .State.Status "running"}}up{{end}}', 'up'],
    ['a {{- /* nothing */ -}} b', 'ab'],
  ])('%s prints %s', (text, printed) => {
    expect(goTemplate(text)(data)).toBe(printed);
  });

  it.each([
    ['{{.Nope}}', "at <.Nope>: can't evaluate field Nope"],
    ['{{range .Args}}', 'unexpected EOF'],
    ['{{.Name', 'unclosed action'],
    ['{{frobnicate .Name}}', 'function "frobnicate" not defined'],
    ['{{with .Name}}{{end}}', '{{with}} is not known here; range, if, else and end are'],
  ])('%s is refused', (text, because) => {
    expect(() => goTemplate(text)(data)).toThrow(because);
  });
});
