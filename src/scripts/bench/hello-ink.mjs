// The yardstick of the start-up measurements: the smallest Ink program there is, unbundled.
import { render, Text } from 'ink';
import { createElement } from 'react';

render(createElement(Text, null, 'hello'));
// Stays for a moment, so that its processor time can be read.
setTimeout(() => {}, 100);
