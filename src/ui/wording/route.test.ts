import { describe, expect, it } from 'vitest';
import { routeText } from './route.ts';

const name = (address: string) => (address === '1.1.1.1' ? 'LEAF-DC-1' : address);

describe('announced routes in words', () => {
  it('leaves IPv4 prefixes alone', () => {
    expect(routeText('1.1.1.1/32', name)).toBe('1.1.1.1/32');
  });

  it('takes EVPN keys apart', () => {
    expect(routeText('[5]:[1.1.1.1:4]:[0]:[32]:[10.254.254.240]', name)).toBe(
      '10.254.254.240/32 of LEAF-DC-1 (EVPN type 5)',
    );
    expect(routeText('[2]:[1.1.1.1:1]:[0]:[02:42:ac:12:00:05]:[192.168.101.101]', name)).toBe(
      '02:42:ac:12:00:05 192.168.101.101 of LEAF-DC-1 (EVPN type 2)',
    );
    expect(routeText('[3]:[1.1.1.1:1]:[0]:[1.1.1.1]', name)).toBe(
      'flooding list LEAF-DC-1 of LEAF-DC-1 (EVPN type 3)',
    );
  });
});
