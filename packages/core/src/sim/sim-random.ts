/** 32 random bits a call, the same sequence for the same seed: a Weyl sequence through the finaliser of MurmurHash3. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x9e37_79b9) >>> 0
    let bits = Math.imul(state ^ (state >>> 16), 0x85eb_ca6b)
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2_ae35)
    return (bits ^ (bits >>> 16)) >>> 0
  }
}
