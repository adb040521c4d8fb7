using System.Buffers.Binary;
using System.IO.Compression;

namespace Rollouts.Approvals.Charts;

/// <summary>Writes a picture as PNG (W3C PNG, third edition): 8 bits a colour, three colours, nothing else.</summary>
internal static class Png
{
    private static readonly uint[] Crc = [.. Enumerable.Range(0, 256).Select(n =>
    {
        uint c = (uint)n;
        for (int i = 0; i < 8; i++)
        {
            c = (c & 1) == 1 ? 0xedb88320 ^ (c >> 1) : c >> 1;
        }

        return c;
    })];

    public static byte[] Write(Canvas canvas)
    {
        using MemoryStream png = new();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a]);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, canvas.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), canvas.Height);
        (header[8], header[9]) = (8, 2);
        Chunk(png, "IHDR"u8, header);
        Chunk(png, "IDAT"u8, Packed(canvas));
        Chunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static byte[] Packed(Canvas canvas)
    {
        using MemoryStream packed = new();
        using (ZLibStream packing = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            int row = canvas.Width * 3;
            for (int y = 0; y < canvas.Height; y++)
            {
                packing.WriteByte(0);
                packing.Write(canvas.Pixels.Slice(y * row, row));
            }
        }

        return packed.ToArray();
    }

    private static void Chunk(MemoryStream png, ReadOnlySpan<byte> type, byte[] data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        byte[] content = [.. type, .. data];
        png.Write(content);
        uint crc = content.Aggregate(uint.MaxValue, (c, b) => Crc[(c ^ b) & 0xff] ^ (c >> 8)) ^ uint.MaxValue;
        BinaryPrimitives.WriteUInt32BigEndian(number, crc);
        png.Write(number);
    }
}
