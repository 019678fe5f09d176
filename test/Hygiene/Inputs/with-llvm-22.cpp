#include "llvm/MC/MCStreamer.h"

void begin(llvm::MCStreamer &Streamer, const llvm::MCSubtargetInfo &STI) {
  Streamer.initSections(/*NoExecStack=*/false, STI);
}
