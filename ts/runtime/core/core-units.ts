/** The core's exports for jobs of units: assembly/core-units.ts, export by export. */
export interface CoreUnits {
  unitsSize(kernelBytes: number, distanceBytes: number, seats: number, units: number, extra: number): number;
  unitsCreate(
    job: number,
    kind: number,
    kernelBytes: number,
    distanceBytes: number,
    seats: number,
    units: number,
    desk: number,
  ): void;
  unitsSetDistance(job: number, number: number): void;
  unitsSetRecord(job: number, record: number): void;
  unitsShareSeats(job: number, seats: number): void;
  jobWasHit(job: number): number;
  jobMembers(job: number): number;
  roundDesk(integral: number): number;
  roundUnits(integral: number): number;
  roundGrain(integral: number, grain: number): void;
  roundPanels(integral: number): number;
  roundEnd(integral: number): void;

  jobKind(job: number): number;
  jobRecord(job: number): number;
  jobDesk(job: number): number;
  jobDistance(job: number): number;
  jobDistanceAddress(job: number): number;
  jobDistanceBytes(job: number): number;
  unitBegin(job: number, unit: number, desk: number): void;
  unitStep(job: number, unit: number, desk: number): number;

  threadDesk(size: number): number;
  threadRoom(size: number): number;
  threadRoomDrop(room: number): void;

  sweepSize(sets: number, parameters: number, breaks: number): number;
  sweepCreate(sweep: number, sets: number, parameters: number, breaks: number): void;
  sweepDesk(parameters: number, lanes: number, capacity: number, breaks: number): number;
  unitRoomWanted(desk: number): number;
  unitRoomGive(desk: number, room: number, panels: number): void;
}

/** Kinds of jobs (assembly/pool/job.ts). */
export const JobKind = { GRID: 0, ROUND: 1, SWEEP: 2, REGIONS: 3, QUASI: 4, VEGAS: 5 } as const;

/** What `unitStep` answers (assembly/pool/units.ts). */
export const UnitAnswer = { DONE: 0, POINTS: 1, DISTANCES: 2, CANCELLED: 4, ROOM: 5 } as const;
