export const bytesOfHex = (hex: string): Buffer => Buffer.from(hex, 'hex');
export const bytesOfBase64 = (base64: string): Buffer => Buffer.from(base64, 'base64');
export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
