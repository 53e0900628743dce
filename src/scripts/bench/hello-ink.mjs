// The yardstick of the start-up measurements: the smallest Ink program there is, unbundled.
import { render, Text } from 'ink';
import { createElement } from 'react';

render(createElement(Text, null, 'hello'));
