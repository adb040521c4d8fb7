namespace Rollouts.Approvals.Charts;

/// <summary>A picture in memory that is drawn on with round, smooth strokes. Colours are 0xRRGGBB.</summary>
internal sealed class Canvas
{
    private readonly byte[] pixels;

    public Canvas(int width, int height, int paper)
    {
        (Width, Height) = (width, height);
        pixels = new byte[width * height * 3];
        for (int i = 0; i < width * height; i++)
        {
            (pixels[i * 3], pixels[(i * 3) + 1], pixels[(i * 3) + 2]) = ((byte)(paper >> 16), (byte)(paper >> 8), (byte)paper);
        }
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Three bytes a pixel, row by row.</summary>
    public ReadOnlySpan<byte> Pixels => pixels;

    /// <summary>A stroke with round ends. How much of a pixel it covers follows from the pixel's distance to the line.</summary>
    public void Line(double x1, double y1, double x2, double y2, double thickness, int colour)
    {
        double half = thickness / 2;
        int left = (int)Math.Max(0, Math.Floor(Math.Min(x1, x2) - half - 1));
        int right = (int)Math.Min(Width - 1, Math.Ceiling(Math.Max(x1, x2) + half + 1));
        int top = (int)Math.Max(0, Math.Floor(Math.Min(y1, y2) - half - 1));
        int bottom = (int)Math.Min(Height - 1, Math.Ceiling(Math.Max(y1, y2) + half + 1));
        double dx = x2 - x1, dy = y2 - y1, square = (dx * dx) + (dy * dy);
        for (int y = top; y <= bottom; y++)
        {
            for (int x = left; x <= right; x++)
            {
                double px = x + 0.5 - x1, py = y + 0.5 - y1;
                double along = square == 0 ? 0 : Math.Clamp(((px * dx) + (py * dy)) / square, 0, 1);
                double distance = double.Hypot(px - (along * dx), py - (along * dy));
                Blend(x, y, colour, Math.Clamp(half + 0.5 - distance, 0, 1));
            }
        }
    }

    /// <summary>A stroke of dashes.</summary>
    public void Dashes(double x1, double y1, double x2, double y2, double thickness, int colour, double length = 6)
    {
        double whole = double.Hypot(x2 - x1, y2 - y1);
        for (double at = 0; at < whole; at += length * 2)
        {
            double from = at / whole, to = Math.Min(1, (at + length) / whole);
            Line(x1 + ((x2 - x1) * from), y1 + ((y2 - y1) * from), x1 + ((x2 - x1) * to), y1 + ((y2 - y1) * to), thickness, colour);
        }
    }

    public void Dot(double x, double y, double diameter, int colour) => Line(x, y, x, y, diameter, colour);

    private void Blend(int x, int y, int colour, double share)
    {
        if (share <= 0)
        {
            return;
        }

        int at = ((y * Width) + x) * 3;
        for (int i = 0; i < 3; i++)
        {
            int ink = (colour >> (16 - (8 * i))) & 0xff;
            pixels[at + i] = (byte)Math.Round(pixels[at + i] + ((ink - pixels[at + i]) * share));
        }
    }
}
