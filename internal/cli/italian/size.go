package italian

import (
	"fmt"
	"strings"
)

// Size says how large a file is, in words: "1,2 MB".
func Size(bytes int64) string {
	if bytes < 1000 {
		return fmt.Sprintf("%d byte", bytes)
	}
	size, unit := float64(bytes)/1000, "kB"
	if size >= 999.5 {
		size, unit = size/1000, "MB"
	}
	if size >= 9.95 {
		return fmt.Sprintf("%.0f %s", size, unit)
	}
	return strings.Replace(fmt.Sprintf("%.1f %s", size, unit), ".", ",", 1)
}
