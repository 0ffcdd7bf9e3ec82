package io.edgepush.model;

/**
 * CRC16-CCITT (XMODEM): polynomial 0x1021, initial value 0, as in the Redis Cluster specification,
 * appendix A.
 */
final class Crc16 {
  private static final int[] TABLE = new int[256];

  static {
    for (int i = 0; i < 256; i++) {
      int crc = i << 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 0x8000) == 0 ? crc << 1 : (crc << 1) ^ 0x1021;
      }
      TABLE[i] = crc & 0xffff;
    }
  }

  private Crc16() {}

  /** The checksum of an ASCII text, 0 to 65,535. */
  static int of(String ascii) {
    int crc = 0;
    for (int i = 0; i < ascii.length(); i++) {
      crc = ((crc << 8) & 0xffff) ^ TABLE[((crc >> 8) ^ ascii.charAt(i)) & 0xff];
    }
    return crc;
  }
}
