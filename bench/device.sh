#!/usr/bin/env bash
# Measures the GPU of a machine that has nothing but its driver, in one call of less than five minutes: copy bandwidth, matrix
# products, correctness, the tiles of products, live updates, training, times by kernel, and PyTorch on the same shapes where it is.
#   bench/device.sh --pack           here: puts everything into build/device, which travels with the checkout
#   bench/device.sh [--tiny]         there: measures; the tables are $OUT/report.md and $OUT/tuned.json (OUT: build/device/out)
#   --tiny                           small shapes and few repeats: shows that it runs, on a software adapter too
set -euo pipefail
cd "$(dirname "$0")/.."
PACKED=build/device

if [ "${1:-}" = --pack ]; then
  exec node bench/device/pack.mjs
fi
if [ ! -e $PACKED/main.js ]; then
  echo "Nothing is packed. Run bench/device.sh --pack on a machine with Node, and bring build/device along." >&2
  exit 2
fi

export OUT="${OUT:-$PWD/$PACKED/out}"
mkdir -p "$OUT"
find $PACKED -name '*.xz' | while read -r file; do
  [ -e "${file%.xz}" ] || xz -dk "$file" 2>/dev/null || python3 -c '
import lzma, shutil, sys
shutil.copyfileobj(lzma.open(sys.argv[1]), open(sys.argv[1][:-3], "wb"))' "$file"
done
chmod +x $PACKED/node

# The loader of the machine itself where there is one.
if ! ldconfig -p 2>/dev/null | grep -q 'libvulkan\.so\.1'; then
  export LD_LIBRARY_PATH="$PWD/$PACKED/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
fi
# NVIDIA's driver, where it is not in the place where the loader looks.
NVIDIA=/usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json
if [ -z "${VK_DRIVER_FILES:-}" ] && [ -e $NVIDIA ] && [ ! -e /usr/share/vulkan/icd.d/nvidia_icd.json ]; then
  export VK_DRIVER_FILES=$NVIDIA
fi

rm -f "$OUT/torch.json"
python3 bench/device/torch_shapes.py "$@" --out "$OUT/torch.json" || echo "PyTorch was not measured."
exec $PACKED/node $PACKED/main.js "$@"
