// Where a hill is looked at from, and so where on the sheet each of its places is.

/** Its height as a share of its side. */
export const HEIGHT = 0.5;
/** Where it is seen from at first, and the limits: radians round it, and above the horizon. */
const YAW = -0.62;
const [TILT, FLATTEST, STEEPEST] = [0.62, 0.2, 1.25];

export class View {
  constructor() {
    this.yaw = YAW;
    this.tilt = TILT;
    this.zoom = 1;
    this.middle = { x: 0, y: 0 };
    this.fit(1, 1, 1);
  }

  turn(/** @type {number} */ across, /** @type {number} */ up) {
    this.yaw = (this.yaw + across) % (2 * Math.PI);
    this.tilt = Math.min(STEEPEST, Math.max(FLATTEST, this.tilt + up));
  }

  /** Size and middle of the hill in its sheet, the same however it is turned. */
  fit(/** @type {number} */ width, /** @type {number} */ height, /** @type {number} */ size) {
    [this.sin, this.cos] = [Math.sin(this.yaw), Math.cos(this.yaw)];
    [this.rise, this.flat] = [Math.sin(this.tilt), Math.cos(this.tilt)];
    const across = (width - size * 4) / Math.SQRT2;
    const down = (height - size * 3.4) / (Math.SQRT2 * Math.sin(TILT) + HEIGHT * Math.cos(TILT));
    this.zoom = Math.max(20, Math.min(across, down));
    this.middle = { x: width / 2, y: height / 2 + size * 0.2 };
  }

  /**
   * From a place over the square (-0.5 to 0.5 both ways) and a height (0 to 1) to CSS pixels.
   *
   * @returns {[number, number]}
   */
  project(/** @type {number} */ u, /** @type {number} */ v, /** @type {number} */ h) {
    const across = u * this.cos - v * this.sin;
    const deep = u * this.sin + v * this.cos;
    return [this.middle.x + across * this.zoom, this.middle.y - (deep * this.rise + (h - 0.5) * HEIGHT * this.flat) * this.zoom];
  }
}
