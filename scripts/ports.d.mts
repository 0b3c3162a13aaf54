export interface ReservedPort {
  readonly port: number;
  release(): void;
}

export function reservePort(host?: string): Promise<ReservedPort>;
