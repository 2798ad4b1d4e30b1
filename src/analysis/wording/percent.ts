/** A share (0 to 1) in percent: whole ones from ten on, else tenths. Only nothing is `0 %`, only everything `100 %`. */
export function formatShare(share: number): string {
  if (share <= 0) return '0 %';
  if (share >= 1) return '100 %';
  const percent = share * 100;
  if (percent >= 99.5) return '> 99 %';
  if (percent < 0.05) return '< 0.1 %';
  return `${percent >= 9.95 ? percent.toFixed(0) : percent.toFixed(1)} %`;
}
