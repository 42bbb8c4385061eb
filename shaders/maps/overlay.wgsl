// Draws a map over the picture below the canvas: bilinear upsampling (align_corners=true) from the map's own
// storage buffer, colour by range and lookup table, opacity, and an anti-aliased contour at the threshold. One
// triangle covers the canvas; every fragment is independent. src/lib/overlay/paintOverlay.ts is the same in float64.
// The contour's distance in pixels is |value - threshold| / |gradient|, with the exact gradient of the bilinear
// surface rather than fwidth(): that one is a difference of 2 x 2 fragments and coarse at small canvases.

// The dark line below the white contour: pixels on either side, and its opacity.
override CASING_WIDTH : f32;
override CASING_OPACITY : f32;

// Of the colour table.
const ENTRIES = 256;

struct Look {
  // Map values at the ends of the colour table; may be copied here from a tensor, so they come first.
  range : vec2f,
  mapSize : vec2u,
  canvasSize : vec2u,
  opacity : f32,
  fade : f32,
  threshold : f32,
  lineWidth : f32,
  // 0 or 1.
  hasThreshold : u32,
  // 1 for a canvas above a picture, 0 for pixels that go into a PNG.
  premultiplied : u32,
}

@group(0) @binding(0) var<storage, read> values : array<f32>;
@group(0) @binding(1) var<storage, read> table : array<u32, ENTRIES>;
@group(0) @binding(2) var<uniform> look : Look;

@vertex
fn cover(@builtin(vertex_index) vertex : u32) -> @builtin(position) vec4f {
  // (-1, -1), (3, -1), (-1, 3): the canvas is inside.
  return vec4f(f32(vertex & 1u) * 4 - 1, f32(vertex >> 1u) * 4 - 1, 0, 1);
}

// x: upsampled value; y: length of its gradient in map units per output pixel.
fn sampleMap(pixel : vec2u) -> vec2f {
  let last = look.mapSize - 1;
  let scale = select(vec2f(), vec2f(last) / vec2f(look.canvasSize - 1), look.canvasSize > vec2u(1));
  let position = vec2f(pixel) * scale;
  let low = min(vec2u(position), max(last, vec2u(1)) - 1);
  let high = min(low + 1, last);
  let fraction = position - vec2f(low);
  let top = vec2f(values[low.y * look.mapSize.x + low.x], values[low.y * look.mapSize.x + high.x]);
  let bottom = vec2f(values[high.y * look.mapSize.x + low.x], values[high.y * look.mapSize.x + high.x]);
  let left = mix(vec2f(top.x, bottom.x), vec2f(top.y, bottom.y), fraction.x);
  let gradient = vec2f(mix(top.y - top.x, bottom.y - bottom.x, fraction.y), left.y - left.x) * scale;
  return vec2f(mix(left.x, left.y, fraction.y), length(gradient));
}

fn normalise(value : f32) -> f32 {
  let span = look.range.y - look.range.x;
  if (span > 0) {
    return saturate((value - look.range.x) / span);
  }
  // An empty range is a step.
  return select(0.0, 1.0, value > look.range.y);
}

fn tableColour(level : f32) -> vec3f {
  let position = level * (ENTRIES - 1);
  let low = min(u32(position), ENTRIES - 2);
  return mix(unpack4x8unorm(table[low]).rgb, unpack4x8unorm(table[low + 1]).rgb, position - f32(low));
}

// How much of a pixel a line of this width covers, its centre line being `distance` away.
fn lineCoverage(distance : f32, width : f32) -> f32 {
  return saturate(0.5 + 0.5 * width - distance);
}

// x: opacity of the dark casing, y: of the white line. A plateau has no contour.
fn contour(value : f32, slope : f32) -> vec2f {
  if (look.hasThreshold == 0 || slope == 0) {
    return vec2f();
  }
  let distance = abs(value - look.threshold) / slope;
  let casing = lineCoverage(distance, look.lineWidth + 2 * CASING_WIDTH);
  return vec2f(CASING_OPACITY * casing, lineCoverage(distance, look.lineWidth));
}

@fragment
fn paint(@builtin(position) position : vec4f) -> @location(0) vec4f {
  let point = sampleMap(vec2u(position.xy));
  let level = normalise(point.x);
  let lines = contour(point.x, point.y);
  let tint = look.opacity * (1 - look.fade * (1 - level));
  let uncovered = (1 - lines.x) * (1 - lines.y);
  let alpha = 1 - (1 - tint) * uncovered;
  // Each layer over the one before: the map's colour, the black casing, the white line.
  let colour = tint * uncovered * tableColour(level) + lines.y;
  if (look.premultiplied == 1 || alpha == 0) {
    return vec4f(colour, alpha);
  }
  return vec4f(colour / alpha, alpha);
}
