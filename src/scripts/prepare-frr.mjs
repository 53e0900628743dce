// Unpacks FRR 10.3 of Debian 13 into the user's cache folder, where `--lab frr` finds it.
import { frrFolder, unpackFrr } from './unpack-frr.mjs';

const failed = unpackFrr('trixie', 'frr-10.3');
if (failed === undefined) {
  console.log(`FRR 10.3 is in ${frrFolder('frr-10.3')}`);
} else {
  console.error(
    `${failed}. On Debian and Ubuntu: apt-get install debootstrap dpkg. Elsewhere install FRR 10 of your distribution.`,
  );
  process.exitCode = 1;
}
