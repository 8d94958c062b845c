/**
 * Mount points in the order of `/proc/self/mountinfo`, where what is mounted below comes after what it is mounted on.
 * Spaces and the like are octal there (`\040`, proc(5)).
 */
export function parseMountPoints(mountinfo: string): readonly string[] {
  return mountinfo
    .split('\n')
    .map((line) => line.split(' ')[4])
    .filter((path) => path !== undefined)
    .map((path) => path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))));
}
