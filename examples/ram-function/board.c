volatile unsigned FLASH_STATUS, FLASH_COMMAND;
